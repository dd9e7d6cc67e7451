/**
 * What the gateway remembers, as asynchronous interfaces. Every method is atomic and durable: when
 * its promise resolves, the change survives `kill -9`. Nothing above these ports may assume one
 * process or synchronous calls.
 */
import type { Audit } from "./audit.ts";
import type { Devices } from "./devices.ts";
import type { Inbox } from "./inbox.ts";
import type { Kv } from "./kv.ts";
import type { Outbox } from "./outbox.ts";
import type { RunEvents } from "./run-events.ts";
import type { SessionGroups } from "./session-groups.ts";
import type { Sessions } from "./sessions.ts";
import type { Subagents } from "./subagents.ts";
import type { SystemEventQueue } from "./system-events.ts";
import type { Turns } from "./turns.ts";
import type { UsageBooks } from "./usage.ts";

export type * from "./audit.ts";
export type * from "./devices.ts";
export type * from "./inbox.ts";
export type * from "./kv.ts";
export type * from "./outbox.ts";
export type * from "./run-events.ts";
export type * from "./session-groups.ts";
export type * from "./sessions.ts";
export type * from "./subagents.ts";
export type * from "./system-events.ts";
export type * from "./transcripts.ts";
export type * from "./turns.ts";
export type * from "./usage.ts";

export interface Store {
  readonly inbox: Inbox;
  readonly turns: Turns;
  readonly outbox: Outbox;
  readonly sessions: Sessions;
  readonly sessionGroups: SessionGroups;
  readonly systemEvents: SystemEventQueue;
  readonly usage: UsageBooks;
  readonly devices: Devices;
  readonly kv: Kv;
  readonly audit: Audit;
  readonly runEvents: RunEvents;
  readonly subagents: Subagents;
  /** Bytes and schema version, for health. */
  info(): Promise<{ readonly path: string; readonly bytes: number; readonly schema: string }>;
  close(): Promise<void>;
}
