/**
 * Removing an agent with everything that is its own. What it says stops first, then nothing is sent to it any more,
 * then its conversations and folders go. Cut off anywhere in between, the rest can be removed again or stays as
 * it is: nothing is half there.
 */
import type { Principal } from "../../contracts/principal.ts";
import type { Use } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import type { SessionRow } from "../../store/index.ts";
import { Lanes, Sessions } from "../sessions/index.ts";
import type { Removal } from "./_roster.ts";
import { errors } from "./errors.ts";
import { Agents } from "./index.ts";

const PAGE = 500;
const STOP_MS = 10_000;

export interface Deleted extends Removal {
  readonly agentId: string;
  readonly removedSessions: number;
}

/** Throws `AGENT_MISSING`, `AGENT_NEEDED`. */
export async function deleteAgent(
  use: Use,
  id: string,
  { deleteFiles, by }: { readonly deleteFiles: boolean; readonly by: Principal },
): Promise<Deleted> {
  const agents = await use(Agents);
  const agent = agents.get(id);
  if (!agent) throw errors.AGENT_MISSING({ id });
  if (agent.isDefault) throw errors.AGENT_NEEDED({ id: agent.id });
  const rows = await sessionsOf(use, agent.id);
  await stop(use, rows, by);
  const removal = await agents.roster.remove(agent.id, { deleteFiles });
  const removedSessions = deleteFiles ? await forget(use, await sessionsOf(use, agent.id)) : 0;
  return { ...removal, agentId: agent.id, removedSessions };
}

/** The result as clients and scripts get it. */
export function deletion({ agentId, removedBindings, removedSessions, removed, failed, workspaceSharedWith }: Deleted) {
  return {
    ok: true as const,
    agentId,
    removedBindings,
    removedSessions,
    removed: removed.map((one) => ({ ...one })),
    failed: failed.map((one) => ({ ...one })),
    ...(workspaceSharedWith === undefined
      ? {}
      : {
          workspaceRetained: true,
          workspaceRetainedReason: "shared",
          workspaceSharedWith: [...workspaceSharedWith],
        }),
  };
}

export type Deletion = ReturnType<typeof deletion>;

async function sessionsOf(use: Use, agentId: string): Promise<readonly SessionRow[]> {
  const store = await use(StoreToken);
  const rows: SessionRow[] = [];
  for (let page: readonly SessionRow[] = []; ; rows.push(...page)) {
    ({ rows: page } = await store.sessions.list({ agentId, archived: "all", limit: PAGE, offset: rows.length }));
    if (page.length === 0) return rows;
  }
}

async function stop(use: Use, rows: readonly SessionRow[], by: Principal): Promise<void> {
  const lanes = await use(Lanes);
  for (const { key } of rows) {
    const ids = await lanes.abort({ sessionKey: key }, by, "delete");
    await Promise.all(ids.map((id) => lanes.wait(id, STOP_MS)));
  }
}

async function forget(use: Use, rows: readonly SessionRow[]): Promise<number> {
  const [store, sessions] = await Promise.all([use(StoreToken), use(Sessions)]);
  for (const row of rows) {
    await store.sessions.delete(row.key);
    await store.systemEvents.drop(row.key, Number.MAX_SAFE_INTEGER);
    sessions.changed(row, "delete");
  }
  return rows.length;
}
