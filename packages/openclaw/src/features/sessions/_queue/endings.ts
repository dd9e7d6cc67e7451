/** How turns end that never ran by themselves. */
import type { EventBus } from "../../../contracts/method.ts";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { TurnResult } from "../../../store/index.ts";
import type { Entry } from "./entry.ts";

const EMPTY = { texts: [], usage: NO_USAGE, sessionId: "", durationMs: 0 } as const;

/** Somebody stopped it, or the queue was full (`queue-full`). */
export function dropped(stopReason: string): TurnResult {
  return { ...EMPTY, status: "aborted", stopReason };
}

/** `merged` with others into one turn, or `steered`: told to a run that was under way. */
export function joined(how: "merged" | "steered", runId: string): TurnResult {
  return { ...EMPTY, status: "ok", stopReason: how, mergedInto: runId };
}

/** A run that ended without saying how. */
export function broken(error: { readonly code: string; readonly message: string }): TurnResult {
  return { ...EMPTY, status: "error", stopReason: "error", error };
}

/**
 * Clients get exactly one end for every run they were promised. One without a message says: this is settled, the
 * conversation tells the rest.
 */
export function tell(
  events: EventBus | undefined,
  sessionKey: string,
  entries: readonly Entry[],
  result: TurnResult,
): void {
  const state = result.status === "aborted" ? "aborted" : "final";
  for (const { id, agentId } of entries)
    events?.publish("chat", { runId: id, sessionKey, agentId, seq: 1, state, stopReason: result.stopReason });
}
