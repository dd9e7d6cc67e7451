/** Restarting the gateway, or a part of it, while the process goes on. */
import { token } from "./service.ts";
import type { ConfigSnapshot } from "./config.ts";

export interface RestartRequest {
  /** For the log and the clients: `config.apply`, `gateway.port changed`. */
  readonly reason: string;
  /** Before it begins; default 2 s. */
  readonly delayMs?: number;
}

/** The answer of methods that restart. */
export interface RestartTicket {
  readonly ok: true;
  readonly pid: number;
  readonly signal: "SIGUSR1";
  readonly mode: "in-process";
  readonly reason: string;
  readonly delayMs: number;
  /** Another restart was scheduled already; this one goes with it. */
  readonly coalesced: boolean;
}

/** What a restart would interrupt. */
export interface Busy {
  readonly queueSize: number;
  readonly pendingReplies: number;
  readonly embeddedRuns: number;
  readonly cronRuns: number;
  readonly backgroundExecSessions: number;
  readonly rootRequests: number;
  readonly activeTasks: number;
  readonly totalActive: number;
}

/** A change of the configuration, as a part sees it. */
export interface PartChange {
  /** In force from now on. */
  readonly config: ConfigSnapshot;
  /** Dotted paths that differ. */
  readonly paths: readonly string[];
}

export interface Lifecycle {
  /**
   * Schedules a restart of the gateway inside this process. Requests that come before it has begun are one
   * restart; between two of them lie at least 30 s. Work under way gets `gateway.reload.deferralTimeoutMs`.
   */
  restart(request: RestartRequest): RestartTicket;
  busy(): Promise<Busy>;
  /**
   * A part that restarts by itself when a setting of reload `restart:<name>` changes. `restart` resolves when
   * the part runs again. Returns how to take it back.
   */
  part(name: string, restart: (change: PartChange) => Promise<void>): () => void;
  /** Restarts a part; one that is not running has nothing to do. Rejects with what the part rejects with. */
  restartPart(name: string, change: PartChange): Promise<void>;
}

/** The running gateway provides it; commands that work without one have none. */
export const LifecycleToken = token<Lifecycle>("lifecycle");
