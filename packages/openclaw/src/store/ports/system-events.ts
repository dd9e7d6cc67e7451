/** What sessions are told when they next speak. */
import type { Principal } from "../../contracts/principal.ts";

/** A line that waits until the session's next turn is told. */
export interface SystemEventRow {
  readonly id: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly by: Principal;
  readonly at: number;
}

export interface SystemEventQueue {
  /**
   * Adds a line; of more than `cap` lines of a session the oldest go. `coalesced` when the newest one says
   * the same with the same authority: nothing is added then.
   */
  add(row: SystemEventRow, cap: number): Promise<"queued" | "coalesced">;
  /** Lines of one session or all, oldest first. */
  waiting(sessionKey?: string): Promise<SystemEventRow[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Drops the lines of a session that are older than `before`. */
  drop(sessionKey: string, before: number): Promise<void>;
}
