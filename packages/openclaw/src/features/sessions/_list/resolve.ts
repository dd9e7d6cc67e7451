/** Which conversation is meant by a key, a session id, its beginning, or a label. */
import type { MethodCall } from "../../../contracts/method.ts";
import { compact } from "../../../base/text.ts";
import type { SessionRow } from "../../../store/index.ts";
import { errors } from "../errors.ts";
import { Sessions } from "../_service-tokens.ts";
import { keyOf } from "../_methods-params.ts";

export interface Reference {
  readonly key?: string;
  readonly sessionId?: string;
  readonly label?: string;
  readonly shortId?: string;
  readonly reference?: string;
  readonly agentId?: string;
  readonly spawnedBy?: string;
}

const MOST_CANDIDATES = 10;
/** Characters that a beginning of a session id has at least. */
const SHORTEST_ID = 4;

/** Of several that a short id fits, the newest, with the others as candidates. */
export async function resolve(call: MethodCall, asked: Reference) {
  const found = await lookUp(call, asked);
  const [first, ...others] = found;
  if (!first) throw errors.SESSION_UNRESOLVED({ what: notFound(asked) });
  const named = ({ key, agentId }: SessionRow) => ({ key, agentId });
  return {
    ok: true as const,
    ...named(first),
    ...(others.length === 0 ? {} : { candidates: found.slice(0, MOST_CANDIDATES).map(named) }),
  };
}

async function lookUp(call: MethodCall, asked: Reference): Promise<readonly SessionRow[]> {
  if (asked.key !== undefined) return byKey(call, asked, asked.key);
  if (asked.sessionId !== undefined) return byId(call, asked, asked.sessionId, true);
  if (asked.label !== undefined) return byLabel(call, asked, asked.label);
  if (asked.shortId !== undefined) return byId(call, asked, asked.shortId, false);
  const { reference } = asked;
  if (reference === undefined) throw errors.SESSION_REFERENCE_MISSING();
  for (const look of [byKey, byLabel]) {
    const found = await look(call, asked, reference).catch(() => []);
    if (found.length > 0) return found;
  }
  return byId(call, asked, reference, false);
}

async function byKey(call: MethodCall, { agentId }: Reference, key: string): Promise<readonly SessionRow[]> {
  const row = await (await call.use(Sessions)).get(await keyOf(call, key, agentId));
  return row ? [row] : [];
}

async function byLabel(call: MethodCall, asked: Reference, label: string): Promise<readonly SessionRow[]> {
  const filter = compact({ agentId: asked.agentId, spawnedBy: asked.spawnedBy });
  return (await (await call.use(Sessions)).list({ ...filter, label, archived: "all", limit: 1 })).rows;
}

async function byId(call: MethodCall, asked: Reference, id: string, whole: boolean): Promise<readonly SessionRow[]> {
  const wanted = id.toLowerCase();
  if (!whole && wanted.length < SHORTEST_ID) return [];
  const filter = compact({ agentId: asked.agentId, spawnedBy: asked.spawnedBy });
  const { rows } = await (await call.use(Sessions)).list({ ...filter, search: wanted, archived: "all", limit: 100 });
  return rows.filter(({ entry }) => {
    const own = entry.sessionId.toLowerCase();
    return whole ? own === wanted : own.startsWith(wanted);
  });
}

function notFound({ key, sessionId, label, shortId, reference }: Reference): string {
  if (key === undefined && sessionId === undefined && label !== undefined) return ` with label: ${label}`;
  return `: ${key ?? sessionId ?? shortId ?? reference ?? ""}`;
}
