/** Stopping a session: its run, what waits behind it, and the helpers that it started, theirs included. */
import type { Principal } from "../../contracts/principal.ts";
import type { Use } from "../../contracts/service.ts";
import { Lanes } from "./_service-tokens.ts";

export interface Stopped {
  /** A run was under way. */
  readonly running: boolean;
  /** Turns that had not begun. */
  readonly queued: number;
  /** Helpers that were stopped. */
  readonly helpers: number;
  /** Ids of the runs and turns of the session itself. */
  readonly runIds: readonly string[];
}

export async function stopSession(
  { use, principal }: { readonly use: Use; readonly principal: Principal },
  sessionKey: string,
  reason: string,
): Promise<Stopped> {
  const lanes = await use(Lanes);
  const { runs: runIds, active, queued, children } = await lanes.stop({ sessionKey }, principal, reason);
  return { running: active !== undefined, queued, helpers: children, runIds };
}
