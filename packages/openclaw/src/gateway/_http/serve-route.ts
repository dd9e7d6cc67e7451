/**
 * One request to a route: 1 method · 2 proxy rule · 3 auth · 4 scope · 5 whether new work is taken at all ·
 * 6 the size it declares · 7 the route itself, which reads the body and whose faults are shaped for its clients.
 * Routes that prove their callers themselves (`auth: "own"`) pass 3 and 6 and do both in 7.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Fault, errorText } from "../../base/errors.ts";
import { sendJson } from "../../base/reply.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { ClientGone } from "../../contracts/route.ts";
import type { ErrorShape, RouteCall } from "../../contracts/route.ts";
import { jsonObject, jsonValue, readBody, refuseDeclared } from "./body.ts";
import { bucketOf } from "../_auth/client-address.ts";
import { errors } from "../errors.ts";
import { sendFault } from "./fault.ts";
import { strangerOf, visitorOf, type Visitor } from "./http-auth.ts";
import { httpCaller } from "./http-caller.ts";
import { pathOf, queryOf } from "./http-request.ts";
import type { HttpParts } from "../http.ts";
import { methodNotAllowed, sendError } from "./reply.ts";
import type { FoundRoute } from "./route-table.ts";
import { attributed, PROXY_REQUIRED } from "../_socket/upgrade.ts";

export async function serveRoute(
  request: IncomingMessage,
  response: ServerResponse,
  found: FoundRoute & { readonly pathname: string; readonly config: ConfigSnapshot },
  parts: HttpParts,
): Promise<void> {
  const { route } = found;
  if (!route.methods.includes(request.method ?? "")) return methodNotAllowed(response, route.methods);
  const who = route.auth === "gateway" ? visitor(request, parts) : stranger(request, parts);
  if (!passesProxyRule(who, response, parts)) return;
  if (route.auth === "gateway" && !(await admitted(request, response, who, parts))) return;
  const caller = httpCaller(request, who, parts.settings);
  if (route.scope !== undefined && !caller.allows(route.scope)) return scopeMissing(response, route.scope);
  if (takesNoWork(request, response, parts)) return;
  const shape = route.errors ?? "openai";
  try {
    const limit = typeof route.bodyLimit === "function" ? route.bodyLimit(found.config) : route.bodyLimit;
    // A route that proves its callers itself does so before it asks for the body.
    if (route.auth !== "own") refuseDeclared(request, limit);
    await route.run(callOf(request, response, { ...found, who, caller, limit }, parts));
  } catch (error) {
    failed({ request, response, parts, error, shape });
  }
}

function callOf(
  request: IncomingMessage,
  response: ServerResponse,
  at: Pick<FoundRoute, "params"> & {
    readonly pathname: string;
    readonly config: ConfigSnapshot;
    readonly who: Visitor;
    readonly caller: RouteCall["caller"];
    readonly limit: number;
  },
  { platform, use, probes }: HttpParts,
): RouteCall {
  const { pathname, config, params, who, caller, limit } = at;
  if (params === undefined) throw errors.PATH_MALFORMED();
  const body = () => readBody(request, response, limit, platform.clock);
  return {
    request,
    response,
    use,
    platform,
    config,
    pathname,
    query: queryOf(request.url ?? "/"),
    params,
    remoteAddress: who.address,
    bucket: bucketOf(who.address),
    local: who.local,
    caller,
    signal: goneSignal(response, probes),
    body,
    json: async () => jsonObject(await body()),
    data: async () => jsonValue(await body()),
  };
}

/** Who comes, without a look at what they bring: it may be meant for somebody else. */
export function stranger(request: IncomingMessage, { settings }: HttpParts): Visitor {
  return strangerOf(request, settings);
}

export function visitor(request: IncomingMessage, parts: HttpParts): Visitor {
  return visitorOf(request, parts.settings, parts.limiter);
}

/** Whether the request brought the shared secret; answers it otherwise, unread. */
export async function admitted(
  request: IncomingMessage,
  response: ServerResponse,
  who: Visitor,
  parts: HttpParts,
): Promise<boolean> {
  if (who.authorized) return true;
  if (who.refusal !== undefined)
    parts.platform.log.for("gateway").warn("refused a proxied request", { reason: who.refusal, from: who.address });
  if (who.foreignHost) {
    sendError(response, 403, "Host not allowed", "forbidden");
    return false;
  }
  if (who.lockedSeconds > 0) {
    response.setHeader("Retry-After", String(who.lockedSeconds));
    sendError(response, 429, "Too many failed authentication attempts. Please try again later.", "rate_limited");
    return false;
  }
  if (who.delayMs > 0) await parts.platform.clock.sleep(who.delayMs);
  sendError(response, 401, "Unauthorized", "unauthorized");
  return false;
}

export function passesProxyRule(who: Visitor, response: ServerResponse, parts: HttpParts): boolean {
  if (attributed(who, parts.settings)) return true;
  sendError(response, PROXY_REQUIRED.status, PROXY_REQUIRED.message, PROXY_REQUIRED.type);
  return false;
}

/** Logs what is no declared error, and answers if that is still possible. */
export function failed(what: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parts: Pick<HttpParts, "platform">;
  readonly error: unknown;
  readonly shape?: ErrorShape;
}): void {
  const { request, response, parts, error, shape } = what;
  if (!(error instanceof Fault) && !request.socket.destroyed)
    parts.platform.log.error(`${request.method} ${pathOf(request.url ?? "/")} failed`, { error: errorText(error) });
  if (response.headersSent) return void response.destroy();
  sendFault(response, error, shape);
}

/** Before start-up is through and after it is over, nothing new is begun. */
function takesNoWork({ method }: IncomingMessage, response: ServerResponse, { probes }: HttpParts): boolean {
  const phase = probes.phase();
  if (phase === "ready" || method !== "POST") return false;
  response.setHeader("Retry-After", phase === "draining" ? "5" : "1");
  sendError(response, 503, `The gateway is ${phase === "draining" ? "stopping" : "starting"}`, "api_error");
  return true;
}

function scopeMissing(response: ServerResponse, scope: string): void {
  const details = { code: "MISSING_SCOPE", missingScope: scope, requiredScopes: [scope] };
  sendJson(response, 403, { ok: false, error: { type: "forbidden", message: `missing scope: ${scope}`, details } });
}

/** Aborts when the connection ends before the answer is complete. */
function goneSignal(response: ServerResponse, probes: HttpParts["probes"]): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    if (response.writableFinished) return;
    controller.abort(probes.phase() === "draining" ? new Error("the gateway is stopping") : new ClientGone());
  });
  return controller.signal;
}
