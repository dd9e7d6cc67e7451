/**
 * HTTP on the gateway's port. In order: common headers · liveness · proxy attribution · probes ·
 * routes · the Control UI · 404. Method before auth, auth before the body.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Fault, errorText } from "../base/errors.ts";
import type { Platform, Use } from "../contracts/service.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { ErrorShape, Route, RouteCall } from "../contracts/route.ts";
import { readBody, refuseDeclared } from "./_body.ts";
import { errors } from "./errors.ts";
import { sendFault } from "./_fault.ts";
import { visitorOf, type Visitor } from "./_http-auth.ts";
import { httpCaller } from "./_http-caller.ts";
import type { AuthLimiter } from "./_limiter.ts";
import { answerLiveness, answerProbe, isLiveness, isProbe, type ProbeState } from "./_probes.ts";
import { closeAfter, commonHeaders, methodNotAllowed, notFound, sendError, sendJson } from "./_reply.ts";
import { findRoute, type FoundRoute } from "./_route-table.ts";
import type { Settings } from "./_settings.ts";
import type { StaticUi } from "./_static.ts";
import { attributed, PROXY_REQUIRED } from "./_upgrade.ts";

export interface HttpParts {
  readonly platform: Platform;
  readonly use: Use;
  readonly settings: Settings;
  readonly config: () => ConfigSnapshot;
  readonly limiter: AuthLimiter;
  readonly routes: readonly Route[];
  readonly probes: ProbeState;
  /** Undefined when the Control UI is off. */
  readonly ui: StaticUi | undefined;
  readonly uiConfig: () => Promise<Record<string, unknown>>;
}

const HEADER_BYTES = 16 * 1024;
const HEADERS_MS = 20_000;
const UI_CONFIG_ALIASES = ["/__openclaw__/control-ui-config.json", "/__openclaw/control-ui-config.json"];

/** The server, not listening yet. */
export function createHttpServer(parts: HttpParts): Server {
  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    connectionsCheckingInterval: 5000,
    keepAliveTimeout: 5000,
  });
  server.headersTimeout = HEADERS_MS;
  // Runs and event streams may answer for as long as they like; bodies have a limit of their own.
  server.requestTimeout = 0;
  server.on("request", (request, response) => {
    answer(request, response, parts).catch((error: unknown) => failed({ request, response, parts, error }));
  });
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  commonHeaders(response, parts.settings.hsts);
  const pathname = pathOf(request.url ?? "/");
  if (isLiveness(pathname)) return answerLiveness(request, response);
  if (isProbe(pathname)) return probe(request, response, pathname, parts);
  const config = parts.config();
  const found = findRoute(parts.routes, pathname, config);
  if (found !== undefined) return serveRoute(request, response, { pathname, config, ...found }, parts);
  if (parts.ui === undefined) return notFound(response);
  if (isUiConfig(pathname, parts)) return serveUiConfig(request, response, parts);
  if (parts.settings.strictProxies || parts.settings.auth.mode === "none") {
    if (!passesProxyRule(visitor(request, parts), response, parts)) return;
  }
  return parts.ui.answer(request, response, pathname);
}

function probe(request: IncomingMessage, response: ServerResponse, pathname: string, parts: HttpParts): void {
  const who = visitor(request, parts);
  const strict = parts.settings.strictProxies && !attributed(who, parts.settings);
  if (strict) return sendError(response, PROXY_REQUIRED.status, PROXY_REQUIRED.message, PROXY_REQUIRED.type);
  answerProbe(request, response, { pathname, state: parts.probes, detailed: who.local || who.authorized });
}

async function serveRoute(
  request: IncomingMessage,
  response: ServerResponse,
  found: FoundRoute & { pathname: string; config: ConfigSnapshot },
  parts: HttpParts,
): Promise<void> {
  const { route, pathname, config, params } = found;
  if (!route.methods.includes(request.method ?? "")) return methodNotAllowed(response, route.methods);
  const who = visitor(request, parts);
  if (!passesProxyRule(who, response, parts)) return;
  if (route.auth === "gateway" && !(await admitted(request, response, who, parts))) return;
  const caller = httpCaller(request, who, parts.settings);
  if (route.scope !== undefined && !caller.allows(route.scope)) return scopeMissing(response, route.scope);
  const { platform, use } = parts;
  if (parts.probes.phase() === "draining" && request.method === "POST") {
    response.setHeader("Retry-After", "5");
    return sendError(response, 503, "The gateway is stopping", "api_error");
  }
  const shape = route.errors ?? "openai";
  if (params === undefined) return sendFault(response, errors.PATH_MALFORMED(), shape);
  const limit = typeof route.bodyLimit === "function" ? route.bodyLimit(config) : route.bodyLimit;
  const body = () => readBody(request, limit, platform.clock);
  const call: RouteCall = {
    request,
    response,
    use,
    platform,
    config,
    pathname,
    query: queryOf(request.url ?? "/"),
    params,
    remoteAddress: who.address,
    local: who.local,
    caller,
    signal: goneSignal(response),
    body,
    json: async () => jsonObject(await body()),
  };
  try {
    // A route that proves its callers itself does so before it asks for the body.
    if (route.auth !== "own") refuseDeclared(request, limit);
    await route.run(call);
  } catch (error) {
    failed({ request, response, parts, error, shape });
  }
}

async function serveUiConfig(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed(response, ["GET", "HEAD"]);
  const who = visitor(request, parts);
  if (!passesProxyRule(who, response, parts)) return;
  if (!(await admitted(request, response, who, parts))) return;
  sendJson(response, 200, await parts.uiConfig(), "no-cache");
}

/** Whether the request brought the shared secret; answers it otherwise, unread. */
async function admitted(
  request: IncomingMessage,
  response: ServerResponse,
  who: Visitor,
  parts: HttpParts,
): Promise<boolean> {
  if (who.authorized) return true;
  closeAfter(request, response);
  if (who.lockedSeconds > 0) {
    response.setHeader("Retry-After", String(who.lockedSeconds));
    sendError(response, 429, "Too many failed authentication attempts. Please try again later.", "rate_limited");
    return false;
  }
  if (who.delayMs > 0) await parts.platform.clock.sleep(who.delayMs);
  sendError(response, 401, "Unauthorized", "unauthorized");
  return false;
}

function passesProxyRule(who: Visitor, response: ServerResponse, parts: HttpParts): boolean {
  if (attributed(who, parts.settings)) return true;
  sendError(response, PROXY_REQUIRED.status, PROXY_REQUIRED.message, PROXY_REQUIRED.type);
  return false;
}

function failed(what: {
  request: IncomingMessage;
  response: ServerResponse;
  parts: HttpParts;
  error: unknown;
  shape?: ErrorShape;
}): void {
  const { request, response, parts, error, shape } = what;
  if (!(error instanceof Fault))
    parts.platform.log.error(`${request.method} ${pathOf(request.url ?? "/")} failed`, { error: errorText(error) });
  if (response.headersSent) return void response.destroy();
  closeAfter(request, response);
  sendFault(response, error, shape);
}

function scopeMissing(response: ServerResponse, scope: string): void {
  const details = { code: "MISSING_SCOPE", missingScope: scope, requiredScopes: [scope] };
  sendJson(response, 403, { ok: false, error: { type: "forbidden", message: `missing scope: ${scope}`, details } });
}

/** Aborts when the connection ends before the answer is complete. */
function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) controller.abort(new Error("the client went away"));
  });
  return controller.signal;
}

function jsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  const value = parsed(body);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw errors.BODY_NOT_OBJECT();
  return value as Record<string, unknown>;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw errors.BODY_NOT_JSON();
  }
}

function queryOf(target: string): URLSearchParams {
  const at = target.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : target.slice(at + 1));
}

function visitor(request: IncomingMessage, parts: HttpParts): Visitor {
  return visitorOf(request, parts.settings, parts.limiter);
}

function isUiConfig(pathname: string, parts: HttpParts): boolean {
  return pathname === `${parts.settings.ui.basePath}/control-ui-config.json` || UI_CONFIG_ALIASES.includes(pathname);
}

/** The raw path of a request target, also of one in absolute form. */
function pathOf(target: string): string {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target);
  const path = (absolute ? target.slice(absolute[0].length) : target).split(/[?#]/, 1)[0] ?? "";
  return path === "" ? "/" : path;
}
