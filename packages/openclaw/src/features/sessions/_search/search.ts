/** The answer of `sessions.search`. */
import { dirname } from "node:path";
import { compact } from "../../../base/text.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { SessionFilesToken } from "../../../store/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import { Config } from "../../config/index.ts";
import { SessionSearch, Sessions } from "../_service-tokens.ts";
import { agentIds, keyOf } from "../_methods-params.ts";
import { errors } from "../errors.ts";
import type { SessionsService } from "../index.ts";
import type { Hit, Place, SearchAnswer, SearchJob, SearchRole } from "./job.ts";
import { findAll, termsOf } from "./terms.ts";

export interface SearchQuestion {
  readonly query: string;
  readonly agentId?: string;
  readonly key?: string;
  readonly roles?: readonly SearchRole[];
  readonly archived?: boolean;
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
  readonly cursor?: string;
  readonly timeoutMs?: number;
}

const LIMIT = 20;
const TIME_MS = 5000;
/** Bytes of transcripts that one page reads at most. */
const MOST_BYTES = 2 * 1024 * 1024 * 1024;
/** Rows that are looked at for names, and those that are shown. */
const MOST_NAMED = 200;
const NAMED = 10;

export async function search(call: MethodCall, question: SearchQuestion) {
  const { query, cursor } = question;
  const [sessions, threads] = await Promise.all([call.use(Sessions), call.use(SessionSearch)]);
  const from = cursor === undefined ? undefined : placeIn(cursor);
  const job = await jobOf(call, question, from);
  const found: SearchAnswer =
    job === undefined ? { hits: [], stopped: "end", files: 0, bytes: 0 } : await threads.search(job, call.signal);
  const named = from === undefined && question.key === undefined ? await byName(sessions, question) : [];
  const results = await rowsOf(sessions, found.hits, question.archived !== false);
  return {
    ts: call.platform.clock.now(),
    query,
    count: results.length,
    results,
    sessions: await sessions.views(named),
    complete: found.stopped === "end",
    stopped: found.stopped,
    nextCursor: found.next === undefined ? null : Buffer.from(JSON.stringify(found.next)).toString("base64url"),
    searched: { files: found.files, bytes: found.bytes },
  };
}

/** Undefined when the conversation that is asked about is not there. */
async function jobOf(
  call: MethodCall,
  question: SearchQuestion,
  from: Place | undefined,
): Promise<SearchJob | undefined> {
  const key = question.key === undefined ? undefined : await keyOf(call, question.key, question.agentId);
  const row = key === undefined ? undefined : await (await call.use(Sessions)).get(key);
  if (key !== undefined && row === undefined) return undefined;
  const now = call.platform.clock.now();
  return {
    query: question.query,
    folders: await foldersOf(call, row?.agentId ?? question.agentId),
    roles: question.roles ?? ["user", "assistant"],
    archived: question.archived !== false,
    limit: question.limit ?? LIMIT,
    budgetMs: question.timeoutMs ?? TIME_MS,
    maxBytes: MOST_BYTES,
    now,
    ...(row === undefined ? {} : { only: { key: row.key, sessionId: row.entry.sessionId } }),
    ...compact({ since: question.since, until: question.until, from }),
  };
}

/** Agents may share a folder: it is gone through once. */
async function foldersOf(call: MethodCall, agentId: string | undefined): Promise<SearchJob["folders"]> {
  const [files, config] = await Promise.all([call.use(SessionFilesToken), call.use(Config)]);
  const known = agentIds(config.current().at("agents.list"));
  if (agentId !== undefined && !known.includes(agentId)) throw errors.SESSION_AGENT_UNKNOWN({ id: agentId });
  const agents = agentId === undefined ? known : [agentId];
  const byFolder = new Map<string, string>();
  for (const id of agents) {
    const folder = dirname(files.index(id));
    if (!byFolder.has(folder)) byFolder.set(folder, id);
  }
  return [...byFolder].map(([folder, id]) => ({ agentId: id, folder }));
}

async function rowsOf(sessions: SessionsService, hits: readonly Hit[], archivedToo: boolean) {
  const known = new Map<string, SessionRow | undefined>();
  const results = [];
  for (const { noted, ...hit } of hits) {
    const id = noted ?? hit.sessionId;
    if (!known.has(id)) known.set(id, await (noted === undefined ? byId(sessions, hit) : sessions.get(noted)));
    const row = known.get(id);
    const archived = hit.archived || row?.entry.archived === true;
    if (archived && !archivedToo) continue;
    const title = row && titleOf(row);
    results.push({
      ...compact({ sessionKey: row?.key ?? noted }),
      ...hit,
      matches: hit.matches.map(([start, length]): [number, number] => [start, length]),
      agentId: row?.agentId ?? hit.agentId,
      archived,
      ...compact({ title }),
    });
  }
  return results;
}

async function byId(sessions: SessionsService, { sessionId }: Hit): Promise<SessionRow | undefined> {
  const { rows } = await sessions.list({ search: sessionId, archived: "all", limit: 5 });
  return rows.find(({ entry }) => entry.sessionId === sessionId);
}

async function byName(sessions: SessionsService, { query, agentId, archived }: SearchQuestion): Promise<SessionRow[]> {
  const terms = termsOf(query);
  const longest = terms.toSorted((a, b) => b.length - a.length)[0];
  if (longest === undefined) return [];
  const filter = compact({ agentId, search: longest });
  const { rows } = await sessions.list({ ...filter, archived: archived === false ? false : "all", limit: MOST_NAMED });
  return rows.filter((row) => findAll(namesOf(row).join(" "), terms) !== undefined).slice(0, NAMED);
}

function namesOf({ key, entry }: SessionRow): string[] {
  return [key, entry.label, entry.displayName, entry["derivedTitle"], entry["subject"]].filter(
    (name) => typeof name === "string",
  );
}

function titleOf({ entry }: SessionRow): string | undefined {
  const names = [entry.label, entry.displayName, entry["derivedTitle"], entry["subject"]];
  return names.find((name) => typeof name === "string" && name !== "") as string | undefined;
}

function placeIn(cursor: string): Place {
  try {
    const { began, rank, file, offset } = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as Place;
    const numbers = [began, rank, offset];
    if (typeof file === "string" && numbers.every((one) => Number.isFinite(one)) && offset >= 0)
      return { began, rank, file, offset };
  } catch {
    // Said below.
  }
  throw errors.SEARCH_CURSOR();
}
