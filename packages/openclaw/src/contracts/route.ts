/** HTTP routes of the gateway port. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Platform, Use } from "./service.ts";

export interface RouteCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly use: Use;
  readonly platform: Platform;
  /** Raw pathname, not decoded. */
  readonly pathname: string;
  /** Address the request counts as coming from, and whether it is a direct loopback request. */
  readonly remoteAddress: string;
  readonly local: boolean;
  /** Whether a valid shared secret came with the request. */
  readonly authorized: boolean;
  /** Reads the body within `bodyLimit` and 30 s; throws a Fault with status 413 or 408 otherwise. */
  body(): Promise<Buffer>;
}

export interface Route {
  readonly methods: readonly string[];
  /** Exact raw paths, or one prefix ending with `/`. */
  readonly paths: readonly string[];
  readonly auth: "none" | "gateway";
  readonly summary: string;
  /** Bytes of body accepted; 0 = the route reads none. */
  readonly bodyLimit: number;
  run(call: RouteCall): Promise<void>;
}

export function defineRoute(route: Route): Route {
  return route;
}
