/**
 * `GET /sessions/{key}/history` and `POST /sessions/{key}/kill`. A page holds the newest messages; `cursor` is the
 * number of the oldest message of the page before, and the page ends below it.
 */
import { sendJson } from "../../../base/reply.ts";
import type { RouteCall } from "../../../contracts/route.ts";
import { TranscriptsToken } from "../../../store/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import { Lanes, Sessions } from "../../sessions/index.ts";
import { history, keyOf } from "./history.ts";
import { HistoryStreams } from "../_service-tokens.ts";
import { errors } from "../errors.ts";

/** Messages of a page that names no limit, and at most. */
const PAGE = 1000;

export async function serveHistory(call: RouteCall): Promise<void> {
  const row = await rowOf(call);
  const limit = positive(call, "limit") ?? PAGE;
  const cursor = positive(call, "cursor");
  const page = () => pageOf(call, row, { limit: Math.min(limit, PAGE), cursor });
  if (!wantsStream(call)) return sendJson(call.response, 200, await page());
  await (await call.use(HistoryStreams)).serve(call, row.key, page);
}

export async function kill(call: RouteCall): Promise<void> {
  const row = await rowOf(call);
  const lanes = await call.use(Lanes);
  const stopped = await lanes.abort({ sessionKey: row.key }, call.caller.principal, "kill");
  sendJson(call.response, 200, { ok: true, killed: stopped.length > 0 });
}

async function pageOf(call: RouteCall, row: SessionRow, asked: { limit: number; cursor: number | undefined }) {
  const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
  const total = await (await call.use(TranscriptsToken)).count(ref);
  const offset = asked.cursor === undefined ? 0 : Math.max(0, total - asked.cursor + 1);
  const page = await history(call, { sessionKey: row.key, limit: asked.limit, offset });
  const items = page["messages"];
  const next = page["nextOffset"];
  return {
    sessionKey: row.key,
    items,
    messages: items,
    hasMore: page["hasMore"],
    ...(typeof next === "number" ? { nextCursor: String(total - next + 1) } : {}),
  };
}

async function rowOf(call: RouteCall): Promise<SessionRow> {
  const asked = call.params["key"] ?? "";
  const row = await (await call.use(Sessions)).get(await keyOf(call, { sessionKey: asked }));
  if (!row) throw errors.HISTORY_UNKNOWN({ key: asked });
  return row;
}

function positive(call: RouteCall, name: string): number | undefined {
  const value = call.query.get(name);
  if (value === null) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(value)) throw errors.HISTORY_QUERY({ name });
  return Number(value);
}

function wantsStream({ request }: RouteCall): boolean {
  return /(?:^|[\s,])text\/event-stream/i.test(request.headers.accept ?? "");
}
