/** HTTP routes of the gateway port, declared once per feature in its `routes.ts`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConfigSnapshot } from "./config.ts";
import type { OperatorScope } from "./method.ts";
import type { Principal } from "./principal.ts";
import type { Platform, Use } from "./service.ts";

/** Whom a request acts as. */
export interface HttpCaller {
  readonly principal: Principal;
  /**
   * `secret`: the shared secret, that is the owner · `proxy`: a user whom a trusted proxy names · `open`:
   * nobody was asked (`gateway.auth.mode: "none"`) · `none`: nothing was proven.
   */
  readonly proof: "secret" | "proxy" | "open" | "none";
  readonly scopes: readonly string[];
  /** Whether `scope` is held, implied scopes included. */
  allows(scope: OperatorScope): boolean;
}

/** Why a call's signal aborts, unless the gateway itself is stopping. */
export class ClientGone extends Error {
  constructor() {
    super("the client went away");
    this.name = "ClientGone";
  }
}

export interface RouteCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly use: Use;
  readonly platform: Platform;
  /** The configuration when the request came. */
  readonly config: ConfigSnapshot;
  /** Raw pathname, not decoded. */
  readonly pathname: string;
  readonly query: URLSearchParams;
  /** Values of the `{name}` parts of the route's path, percent-decoded once. */
  readonly params: Readonly<Record<string, string>>;
  /** Address the request counts as coming from, and whether it is a direct loopback request. */
  readonly remoteAddress: string;
  readonly local: boolean;
  /** What failures of this client are counted under: its address, for IPv6 its network. */
  readonly bucket: string;
  readonly caller: HttpCaller;
  /** Aborts when the connection ends before the answer is there: with `ClientGone` when it was the client that left. */
  readonly signal: AbortSignal;
  /** Reads the body within `bodyLimit` and 30 s; throws a Fault with status 413 or 408 otherwise. */
  body(): Promise<Buffer>;
  /** The body as a JSON object (`{}` when empty); throws a Fault with status 400 otherwise. */
  json(): Promise<Readonly<Record<string, unknown>>>;
  /** The body as any JSON value (`{}` when empty); throws a Fault with status 400 otherwise. */
  data(): Promise<unknown>;
}

/**
 * How a Fault becomes a body. `details.type` of the Fault names its type; without it the status decides.
 * The other details stand beside it in the shape `ok`. `retryAfterMs` becomes `Retry-After`.
 * `openai`: `{error:{message,type}}` · `ok`: `{ok:false,error:{type,message}}` · `sentence`: `{ok:false,error}` ·
 * `text`: the message alone.
 */
export type ErrorShape = "openai" | "ok" | "sentence" | "text";

export interface Route {
  readonly methods: readonly string[];
  /**
   * Raw paths: exact, with `{name}` for one segment (`/sessions/{key}/history`), or one prefix ending with `/`.
   * A function where they are configured.
   */
  readonly paths: readonly string[] | ((config: ConfigSnapshot) => readonly string[]);
  /** While false the route does not own its paths. */
  readonly on?: (config: ConfigSnapshot) => boolean;
  /** `gateway`: the gateway's own authentication and `scope` · `own`: the route proves its callers itself · `none`. */
  readonly auth: "none" | "gateway" | "own";
  /** Needed besides `auth: "gateway"`. */
  readonly scope?: OperatorScope;
  readonly summary: string;
  /** Bytes of body accepted; 0 = the route reads none. A function where it is configured. */
  readonly bodyLimit: number | ((config: ConfigSnapshot) => number);
  /** Default `openai`. */
  readonly errors?: ErrorShape;
  run(call: RouteCall): Promise<void>;
}

export function defineRoute(route: Route): Route {
  return route;
}

/** Routes that come and go with whoever owns them: the webhooks of a channel's account, a plugin. */
export interface RouteRegistry {
  readonly routes: readonly Route[];
  /**
   * From now on `route` is served, after the gateway's own. Its `paths` are a list. Returns how to take it back.
   * Throws `ROUTE_TAKEN` when another owner has a path, `ROUTE_RESERVED` when it belongs to the gateway.
   */
  add(owner: string, route: Route): () => void;
}
