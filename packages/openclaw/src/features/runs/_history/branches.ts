/** The work behind the methods of branches. A conversation is not turned while a run is under way in it. */
import { uuid } from "../../../base/ids.ts";
import { compact } from "../../../base/text.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { TranscriptsToken } from "../../../store/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import { Agents } from "../../agents/index.ts";
import { Context } from "../../context/index.ts";
import { Lanes, Sessions, preferencesOf } from "../../sessions/index.ts";
import { keyOf } from "./history.ts";
import { errors } from "../errors.ts";

interface Named {
  readonly key: string;
  readonly agentId?: string;
}

/** Of a context that is copied. */
const MAX_BYTES = 32 * 1024 * 1024;

export async function turn(
  call: MethodCall,
  given: Named & { readonly messageId: string; readonly before?: boolean; readonly expectedSessionId?: string },
  reason: "rewind" | "branch",
) {
  const row = await rowOf(call, given);
  if (given.expectedSessionId !== undefined && row.entry.sessionId !== given.expectedSessionId)
    throw errors.CONVERSATION_CHANGED({ key: row.key });
  if ((await call.use(Lanes)).active(row.key) !== undefined) throw errors.SESSION_RUNS({ key: row.key });
  const ref = refOf(row);
  const sessions = await call.use(Sessions);
  const { workspace } = await agentOf(call, row);
  const transcripts = await call.use(TranscriptsToken);
  // Said before it is so: whoever sees the branch finds the mark that makes lists of branches worth asking for.
  const { sessionId, updatedAt } = row.entry;
  await sessions.patch(row.key, { set: { branchedSessionId: sessionId, updatedAt } });
  const options = compact({ cwd: workspace, before: given.before });
  if (!(await transcripts.turnTo(ref, given.messageId, options))) throw errors.MESSAGE_UNKNOWN({ id: given.messageId });
  (await call.use(Context)).conversations.forget(ref);
  // What the model counted was the other branch.
  const turned = await sessions.patch(row.key, { set: { totalTokens: null, updatedAt } });
  sessions.changed(turned ?? row, reason);
  return { ok: true as const, key: row.key, messageId: given.messageId };
}

export async function list(call: MethodCall, given: { key?: string; sessionKey?: string; agentId?: string }) {
  const key = await keyOf(call, { sessionKey: given.key ?? given.sessionKey ?? "main", agentId: given.agentId });
  const row = await (await call.use(Sessions)).get(key);
  const found = row ? await (await call.use(TranscriptsToken)).branches(refOf(row)) : [];
  return {
    branches: found.map(({ entryId, active, messages, timestamp, preview, forkId, first }) => ({
      id: entryId,
      active,
      messages,
      updatedAt: Date.parse(timestamp) || 0,
      preview,
      forkId,
      ...(first === undefined ? {} : { firstId: first.entryId, firstAt: Date.parse(first.timestamp) || 0 }),
    })),
  };
}

export async function fork(
  call: MethodCall,
  given: Named & { readonly messageId?: string; readonly newKey?: string; readonly label?: string },
) {
  const row = await rowOf(call, given);
  const sessions = await call.use(Sessions);
  const key = await keyOf(call, {
    sessionKey: given.newKey ?? `dashboard:${uuid(call.platform.random)}`,
    agentId: row.agentId,
  });
  if (await sessions.get(key)) throw errors.CONVERSATION_EXISTS({ key });
  const { workspace } = await agentOf(call, row);
  const child = await sessions.ensure(key, given.label === undefined ? {} : { label: given.label });
  const options = compact({ cwd: workspace, maxBytes: MAX_BYTES, upTo: given.messageId });
  const messages = await (await call.use(TranscriptsToken)).fork(refOf(row), refOf(child), options);
  if (messages === undefined && given.messageId !== undefined) {
    await sessions.delete(key, { deleteTranscript: true });
    throw errors.MESSAGE_UNKNOWN({ id: given.messageId });
  }
  await sessions.patch(key, { set: { ...preferencesOf(row.entry), parentSessionKey: row.key } });
  const { sessionId } = child.entry;
  return { ok: true as const, key, sessionId, parentSessionKey: row.key, messages: messages ?? 0 };
}

async function rowOf(call: MethodCall, { key, agentId }: Named): Promise<SessionRow> {
  const row = await (await call.use(Sessions)).get(await keyOf(call, { sessionKey: key, agentId }));
  if (!row) throw errors.CONVERSATION_UNKNOWN();
  return row;
}

async function agentOf(call: MethodCall, { agentId }: SessionRow) {
  const agents = await call.use(Agents);
  return agents.get(agentId) ?? agents.default();
}

function refOf({ agentId, entry }: SessionRow) {
  return { agentId, sessionId: entry.sessionId };
}
