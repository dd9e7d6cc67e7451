/**
 * Runs of hooks are recognised by an id that is made of the key, so that a repeat after a restart starts
 * nothing either.
 */
import { derivedUuid } from "../../base/ids.ts";
import { ONCE_WINDOW_MS } from "../../base/once.ts";
import type { Turns } from "../../store/index.ts";

/**
 * The run id of a key: one per ten minutes, and that of the ten minutes before while its run is younger than that.
 */
export async function runIdOf(key: string, turns: Pick<Turns, "get">, now: number): Promise<string> {
  const slot = Math.floor(now / ONCE_WINDOW_MS);
  const before = idIn(key, slot - 1);
  const earlier = await turns.get(before);
  return earlier !== undefined && now - earlier.createdAt < ONCE_WINDOW_MS ? before : idIn(key, slot);
}

function idIn(key: string, slot: number): string {
  return derivedUuid(`hook:${slot}:${key}`);
}
