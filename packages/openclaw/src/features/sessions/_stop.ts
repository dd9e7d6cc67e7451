/** Stopping a session: its run, what waits behind it, and the helpers that it started, theirs included. */
import type { Principal } from "../../contracts/principal.ts";
import type { Use } from "../../contracts/service.ts";
import { Lanes, Sessions } from "./_service-tokens.ts";

export interface Stopped {
  /** A run was under way. */
  readonly running: boolean;
  /** Turns that had not begun. */
  readonly queued: number;
  /** Helper sessions in which something was stopped. */
  readonly helpers: number;
  /** Ids of the runs and turns of the session itself. */
  readonly runIds: readonly string[];
}

/** As deep as helpers can start helpers, and then some. */
const DEEPEST = 8;
const MOST = 200;

export async function stopSession(
  { use, principal }: { readonly use: Use; readonly principal: Principal },
  sessionKey: string,
  reason: string,
): Promise<Stopped> {
  const lanes = await use(Lanes);
  const { runs: runIds, active, queued, children } = await lanes.stop({ sessionKey }, principal, reason);
  let helpers = children;
  for (const key of await helpersOf(use, sessionKey))
    if ((await lanes.abort({ sessionKey: key }, principal, reason)).length > 0) helpers += 1;
  return { running: active !== undefined, queued, helpers, runIds };
}

async function helpersOf(use: Use, sessionKey: string): Promise<readonly string[]> {
  const sessions = await use(Sessions);
  const found = new Set<string>();
  let parents = [sessionKey];
  for (let depth = 0; depth < DEEPEST && parents.length > 0 && found.size < MOST; depth += 1) {
    const children: string[] = [];
    for (const spawnedBy of parents) {
      const { rows } = await sessions.list({ spawnedBy, limit: MOST });
      children.push(...rows.map(({ key }) => key).filter((key) => !found.has(key) && key !== sessionKey));
    }
    for (const key of children) found.add(key);
    parents = children;
  }
  return [...found];
}
