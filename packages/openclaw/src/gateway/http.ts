/**
 * HTTP on the gateway's port. One request, in order; the first that knows it answers:
 *
 * 1. what two readers could read differently is refused and the connection ended
 * 2. common headers
 * 3. liveness                          the process is up, whatever else is not
 * 4. peers that forward without being a trusted proxy are told to the log
 * 5. probes                            `_http/probes.ts`
 * 6. the core's routes, then those of channels and plugins: `_http/serve-route.ts`
 * 7. paths that a channel or plugin may own later: 503 while the gateway starts
 * 8. the Control UI, whose last word is 404: `_http/ui.ts`
 */
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { createServer } from "../base/http.ts";
import { sendText } from "../base/reply.ts";
import { LiveRoutes } from "../contracts/bus.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { Route, RouteRegistry } from "../contracts/route.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { EventLoopWatch, type EventLoopFigures } from "./_event-loop.ts";
import { isAmbiguous, pathOf } from "./_http/http-request.ts";
import type { AuthLimiter } from "./_auth/limiter.ts";
import { answerLiveness, answerProbe, isLiveness, isProbe, type ProbeState } from "./_http/probes.ts";
import { commonHeaders, notFound, sendError } from "./_http/reply.ts";
import { findRoute } from "./_http/route-table.ts";
import { admitted, failed, passesProxyRule, serveRoute, visitor } from "./_http/serve-route.ts";
import type { Settings } from "./_listen/settings.ts";
import type { StaticUi } from "./_http/static.ts";
import { answerUi } from "./_http/ui.ts";
import { UnlistedProxies } from "./_auth/unlisted-proxies.ts";
import { attributed, PROXY_REQUIRED, turnDown } from "./_socket/upgrade.ts";

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
  /** Makes the server where it is not one of plain HTTP. */
  readonly create?: (options: ServerOptions) => Server;
}

interface Serving extends HttpParts {
  /** Routes of channels and plugins, as they are now. */
  readonly live: readonly Route[];
  readonly eventLoop: () => EventLoopFigures;
  readonly proxies: UnlistedProxies;
}

/** Times of a connection before and between requests, ms. */
export interface HttpTimes {
  /** To complete the headers, also of a connection on which nothing comes. */
  readonly headers: number;
  /** How often that is looked at. */
  readonly check: number;
  readonly keepAlive: number;
}

const HEADER_BYTES = 16 * 1024;
const TIMES: HttpTimes = { headers: 60_000, check: 30_000, keepAlive: 5000 };

/** The server, not listening yet. */
export function createHttpServer(parts: HttpParts, times = TIMES): Server {
  const server = (parts.create ?? createServer)({
    maxHeaderSize: HEADER_BYTES,
    connectionsCheckingInterval: times.check,
    keepAliveTimeout: times.keepAlive,
    // Judged below, where the connection ends with it.
    requireHostHeader: false,
  });
  server.headersTimeout = times.headers;
  // Runs and event streams may answer for as long as they like; bodies have a limit of their own.
  server.requestTimeout = 0;
  let live: RouteRegistry | undefined;
  void parts.use(LiveRoutes).then((table) => (live = table));
  const watch = new EventLoopWatch(parts.platform.clock);
  server.once("close", () => watch.stop());
  const eventLoop = () => watch.look();
  const proxies = new UnlistedProxies(parts.platform, parts.settings);
  const take = (request: IncomingMessage, response: ServerResponse) =>
    void answer(request, response, { ...parts, live: live?.routes ?? [], eventLoop, proxies }).catch((error: unknown) =>
      failed({ request, response, parts, error }),
    );
  server.on("request", take);
  // Asked whether to send a body, the route says so when it wants one.
  server.on("checkContinue", take);
  server.on("connect", (_, socket: Duplex) => turnDown(socket, BAD_REQUEST));
  return server;
}

const BAD_REQUEST = { status: 400, type: "text/plain; charset=utf-8", body: "Bad Request" };

async function answer(request: IncomingMessage, response: ServerResponse, parts: Serving): Promise<void> {
  // What the parser had read already of a connection that was refused.
  if (request.socket.writableEnded) return;
  if (isAmbiguous(request)) return turnDown(request.socket, BAD_REQUEST);
  commonHeaders(response, parts.settings.hsts);
  const pathname = pathOf(request.url ?? "/");
  if (isLiveness(pathname)) return answerLiveness(request, response);
  parts.proxies.look(request);
  if (isProbe(pathname)) return probe(request, response, pathname, parts);
  const config = parts.config();
  const found = findRoute(parts.routes, pathname, config) ?? findRoute(parts.live, pathname, config);
  if (found !== undefined) return serveRoute(request, response, { pathname, config, ...found }, parts);
  if (mayBeOwned(request, pathname)) {
    // Asked before there is anything: whoever sends webhooks tries again later.
    if (parts.probes.phase() === "starting") return starting(response);
    if (pathname.startsWith(CHANNEL_API)) return unownedChannel(request, response, parts);
  }
  return answerUi(request, response, pathname, parts);
}

function probe(request: IncomingMessage, response: ServerResponse, pathname: string, parts: Serving): void {
  const who = visitor(request, parts);
  const strict = parts.settings.strictProxies && !attributed(who, parts.settings);
  if (strict) return sendError(response, PROXY_REQUIRED.status, PROXY_REQUIRED.message, PROXY_REQUIRED.type);
  const eventLoop = who.local || who.authorized ? parts.eventLoop : undefined;
  answerProbe(request, response, { pathname, state: parts.probes, eventLoop });
}

const CHANNEL_API = "/api/channels/";

/** Whether a channel or a plugin that is still to come may own the path. */
function mayBeOwned({ method }: IncomingMessage, pathname: string): boolean {
  const read = method === "GET" || method === "HEAD";
  return !read || pathname.startsWith("/plugins/") || pathname.startsWith("/api/");
}

function starting(response: ServerResponse): void {
  response.setHeader("Retry-After", "1");
  response.setHeader("Cache-Control", "no-store");
  sendText(response, 503, "Plugin runtime is starting");
}

/** Below `/api/channels/` the gateway's secret is asked for before anything is said about what is there. */
async function unownedChannel(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  const who = visitor(request, parts);
  if (passesProxyRule(who, response, parts) && (await admitted(request, response, who, parts))) notFound(response);
}
