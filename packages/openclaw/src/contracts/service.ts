/**
 * Services: what one unit offers to others. A token stands in the unit's `index.ts`; the making
 * stands in its `service.ts` and is loaded on first use.
 */
import type { Clock } from "../base/time.ts";
import type { Env } from "../base/env.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/ids.ts";
import type { Scope } from "../base/scope.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Connect } from "../base/socket.ts";
import type { Spawn } from "../base/spawn.ts";

/** Names a service and carries its type. */
export interface Token<T> {
  readonly name: string;
  /** Never present; carries the type only. */
  readonly $type?: T;
}

export function token<T>(name: string): Token<T> {
  return { name };
}

/** The service behind a token; made once, on first use. */
export type Use = <T>(token: Token<T>) => Promise<T>;

/** Everything ambient, passed in. */
export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Env;
  readonly log: Log;
  readonly fetch: Fetch;
  /** Opens a WebSocket. */
  readonly connect: Connect;
  readonly spawn: Spawn;
  readonly paths: Paths;
  /** Product version, `YYYY.M.D`. */
  readonly version: string;
}

/** Absolute places of this installation. */
export interface Paths {
  /** `~` of configuration values. */
  readonly home: string;
  /** `~/.openclaw` unless `OPENCLAW_STATE_DIR`. */
  readonly state: string;
  /** `<state>/openclaw.json` unless `OPENCLAW_CONFIG_PATH`. */
  readonly config: string;
}

export interface ServiceContext {
  readonly use: Use;
  readonly platform: Platform;
  /** Ends when the gateway stops; a service adds what it must end. */
  readonly scope: Scope;
}

export interface Provider<T = unknown> {
  readonly token: Token<T>;
  readonly make: (context: ServiceContext) => T | Promise<T>;
}

/** Declares how a service is made. In `service.ts`: `export const services = [provide(Sessions, makeSessions)]`. */
export function provide<T>(of: Token<T>, make: (context: ServiceContext) => T | Promise<T>): Provider<T> {
  return { token: of, make };
}
