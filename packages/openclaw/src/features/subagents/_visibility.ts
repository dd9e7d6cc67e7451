/**
 * Which sessions a session may see and write to. `tools.sessions.visibility`: `self`, `tree` (what it started, at any
 * depth), `agent`, `all`. Sessions of other agents besides need `tools.agentToAgent`, with both sides in its list.
 * Guests and sandboxed sessions see their own tree at most.
 */
import type { Principal } from "../../contracts/principal.ts";
import type { SessionRow } from "../../store/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { isSandboxed } from "../policy/index.ts";
import { canonicalKey, mainKey, sessionSection } from "../sessions/index.ts";
import type { SessionsService } from "../sessions/index.ts";
import { errors } from "./errors.ts";

export type Reach = "self" | "tree" | "agent" | "all";

export interface Viewer {
  readonly sessionKey: string;
  readonly agentId: string;
  readonly principal: Principal;
}

type Rows = Pick<SessionsService, "get" | "list">;

const DEEPEST = 8;
const MOST = 1000;
const RESERVED = new Set(["global", "unknown"]);

function reachOf(config: ConfigSnapshot, viewer: Viewer): { readonly reach: Reach; readonly chosen: boolean } {
  const set = config.at("tools.sessions.visibility") as Reach | undefined;
  const isMain = viewer.sessionKey === mainOf(config, viewer.agentId);
  const reach = set ?? (isMain && viewer.principal.role === "owner" ? "agent" : "tree");
  const clamped = reach === "agent" || reach === "all";
  if (clamped && (viewer.principal.role === "guest" || isSpawnedOnly(config, viewer)))
    return { reach: "tree", chosen: true };
  return { reach, chosen: set !== undefined };
}

/** Why a session is not visible, as the end of a sentence; undefined when it is. */
export async function whyHidden(
  { sessions, config }: { readonly sessions: Rows; readonly config: ConfigSnapshot },
  viewer: Viewer,
  target: Pick<SessionRow, "key" | "agentId" | "entry">,
): Promise<string | undefined> {
  if (target.key === viewer.sessionKey) return undefined;
  if (RESERVED.has(target.key)) return "it is reserved";
  const { reach, chosen } = reachOf(config, viewer);
  const foreign = target.agentId !== viewer.agentId;
  if (foreign) {
    const closed = whyApart(config, viewer.agentId, target.agentId);
    if (closed !== undefined) return closed;
    // With agentToAgent on and nothing said of visibility, the main session sees the others too.
    if (reach === "all" || (reach === "agent" && !chosen)) return undefined;
    return `sessions of other agents need tools.sessions.visibility "all", and it is "${reach}"`;
  }
  if (reach === "agent" || reach === "all") return undefined;
  if (reach === "self") return 'tools.sessions.visibility is "self"';
  return (await isBelow(sessions, viewer.sessionKey, target))
    ? undefined
    : 'only what this session started is (tools.sessions.visibility "tree")';
}

/** Every session that a viewer may see, newest first, at most 1,000. `filter` narrows what is looked for. */
export async function visibleRows(
  { sessions, config }: { readonly sessions: Rows; readonly config: ConfigSnapshot },
  viewer: Viewer,
  filter: {
    readonly label?: string;
    readonly search?: string;
    readonly activeMinutes?: number;
    readonly agentId?: string;
  },
): Promise<readonly SessionRow[]> {
  const { reach, chosen } = reachOf(config, viewer);
  const wide = reach === "all" || (reach === "agent" && !chosen);
  const tree = reach === "tree" || reach === "self" ? await treeOf(sessions, viewer.sessionKey, reach) : undefined;
  const { rows } = await sessions.list({
    ...filter,
    ...(wide || filter.agentId !== undefined ? {} : { agentId: viewer.agentId }),
    without: ["global", "unknown"],
    limit: MOST,
  });
  return rows.filter((row) => {
    if (tree)
      return tree.has(row.key) && (row.agentId === viewer.agentId || !whyApart(config, viewer.agentId, row.agentId));
    if (row.agentId === viewer.agentId) return true;
    return wide && whyApart(config, viewer.agentId, row.agentId) === undefined;
  });
}

/** Why two agents may not use each other's sessions; undefined when they may. */
function whyApart(config: ConfigSnapshot, own: string, other: string): string | undefined {
  if (own === other) return undefined;
  if (config.at("tools.agentToAgent.enabled") !== true)
    return "it belongs to another agent, and tools.agentToAgent is off";
  const allow = config.at("tools.agentToAgent.allow");
  const list = Array.isArray(allow) ? allow.map((id) => String(id).trim().toLowerCase()) : [];
  const listed = (id: string) => list.includes("*") || list.includes(id.toLowerCase());
  return listed(own) && listed(other)
    ? undefined
    : `tools.agentToAgent.allow must list both agents, ${own} and ${other}`;
}

/**
 * The session that a key, `main` or a session id means; the main session of an agent in `agents` also when nothing was
 * said in it yet. Throws `SESSION_NOT_FOUND`.
 */
export async function findSession(
  { sessions, config }: { readonly sessions: Rows; readonly config: ConfigSnapshot },
  viewer: Viewer,
  asked: string,
  agents: readonly string[] = [],
): Promise<SessionRow> {
  const name = config.section(sessionSection).mainKey;
  const key = canonicalKey(asked, viewer.agentId, name);
  const byKey = key === undefined ? undefined : await sessions.get(key);
  if (byKey) return byKey;
  const agentId = agents.find((id) => mainOf(config, id) === key);
  if (key !== undefined && agentId !== undefined) return { key, agentId, entry: { sessionId: "", updatedAt: 0 } };
  const wanted = asked.trim().toLowerCase();
  const { rows } = await sessions.list({ search: wanted, limit: 20 });
  const byId = rows.find(({ entry }) => entry.sessionId.toLowerCase() === wanted);
  if (!byId) throw errors.SESSION_NOT_FOUND({ session: asked });
  return byId;
}

export function mainOf(config: ConfigSnapshot, agentId: string): string {
  return mainKey(agentId, config.section(sessionSection).mainKey);
}

async function isBelow(sessions: Rows, above: string, target: Pick<SessionRow, "entry">): Promise<boolean> {
  let parent = target.entry["spawnedBy"];
  for (let depth = 0; typeof parent === "string" && depth < DEEPEST; depth += 1) {
    if (parent === above) return true;
    parent = (await sessions.get(parent))?.entry["spawnedBy"];
  }
  return false;
}

async function treeOf(sessions: Rows, root: string, reach: Reach): Promise<ReadonlySet<string>> {
  const tree = new Set([root]);
  let line = reach === "self" ? [] : [root];
  for (let depth = 0; line.length > 0 && depth < DEEPEST && tree.size < MOST; depth += 1) {
    const below = await Promise.all(line.map((spawnedBy) => sessions.list({ spawnedBy, limit: MOST })));
    line = below.flatMap(({ rows }) => rows.map(({ key }) => key)).filter((key) => !tree.has(key));
    for (const key of line) tree.add(key);
  }
  return tree;
}

/** Inside a sandbox: `agents.defaults.sandbox.sessionToolsVisibility`, overridden per agent; default `spawned`. */
function isSpawnedOnly(config: ConfigSnapshot, { agentId, sessionKey }: Viewer): boolean {
  if (!isSandboxed(config, agentId, sessionKey)) return false;
  const list = config.at("agents.list");
  const own = Array.isArray(list)
    ? (list as { id?: unknown; sandbox?: { sessionToolsVisibility?: unknown } }[]).find(({ id }) => id === agentId)
    : undefined;
  const said = own?.sandbox?.sessionToolsVisibility ?? config.at("agents.defaults.sandbox.sessionToolsVisibility");
  return said !== "all";
}
