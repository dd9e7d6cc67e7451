/** The door of health: how the gateway is doing, in one object that is always at hand. */
import { token } from "../../contracts/service.ts";

export interface HealthSnapshot {
  readonly ok: boolean;
  readonly ts: number;
  /** What it took to look. */
  readonly durationMs: number;
  readonly channels: Readonly<Record<string, unknown>>;
  readonly channelOrder: readonly string[];
  readonly channelLabels: Readonly<Record<string, string>>;
  /** 0 = off. */
  readonly heartbeatSeconds: number;
  readonly defaultAgentId: string;
  readonly agents: readonly unknown[];
  readonly sessions: unknown;
  /** Runs that hold their session for long; absent before the first look. */
  readonly liveness?: { readonly longRunning: number; readonly stalled: number; readonly stuck: number };
}

export interface HealthService {
  /** The newest snapshot; at once, before the first look an empty one. */
  cached(): HealthSnapshot;
  /** Looks again; with `probe` channels are asked too. Tells clients. */
  refresh(options?: { readonly probe?: boolean }): Promise<HealthSnapshot>;
}

export const Health = token<HealthService>("health");

/** Payload of the event `heartbeat`. */
export interface HeartbeatEvent {
  readonly ts: number;
  readonly status: "sent" | "ok-empty" | "ok-token" | "skipped" | "failed";
  readonly reason?: string;
  readonly channel?: string;
  readonly to?: string;
  readonly accountId?: string;
  /** The beginning of what was said. */
  readonly preview?: string;
  readonly hasMedia?: boolean;
  readonly durationMs?: number;
}

export interface HeartbeatsService {
  /** Switched on for the whole gateway; kept over restarts. */
  enabled(): boolean;
  /** Whether heartbeats come by themselves, on a schedule. */
  beating(): boolean;
  set(enabled: boolean): Promise<void>;
  last(): HeartbeatEvent | undefined;
  /** Keeps what a heartbeat did and tells clients. */
  record(event: Omit<HeartbeatEvent, "ts">): Promise<void>;
  /** Tells the session what waits for it, at once; resolves with the end of that turn. */
  beat(sessionKey: string): Promise<void>;
}

export const Heartbeats = token<HeartbeatsService>("heartbeats");

export { readTail } from "./_logs.ts";
export { isAlive, lockPath, parseOwner, runningGateway, startOf } from "./running.ts";
export type { LockOwner } from "./running.ts";
