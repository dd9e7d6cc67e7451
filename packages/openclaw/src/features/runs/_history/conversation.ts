/** The work behind `chat.message.get`, `chat.inject` and `sessions.compact`. */
import { uuid } from "../../../base/ids.ts";
import { Events } from "../../../contracts/bus.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { TranscriptsToken } from "../../../store/index.ts";
import type { MessageEntry } from "../../../store/index.ts";
import { Lanes, Sessions } from "../../sessions/index.ts";
import { display } from "./display.ts";
import { keyOf } from "./history.ts";
import { Context } from "../../context/index.ts";
import { Runs } from "../_service-tokens.ts";
import { errors } from "../errors.ts";

interface Named {
  readonly sessionKey: string;
  readonly agentId?: string | undefined;
}

/** Transcript in which a message is looked for. */
const SEARCHED = { maxEntries: 100_000, maxBytes: 64 * 1024 * 1024 };

export async function messageOf(
  call: MethodCall,
  given: Named & { readonly messageId: string; readonly maxChars?: number },
) {
  const row = await rowOf(call, given);
  const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
  const transcripts = await call.use(TranscriptsToken);
  const window = await transcripts.tail(ref, SEARCHED);
  const all = window.entries.filter((entry): entry is MessageEntry => entry.type === "message");
  const at = all.findIndex(({ id }) => id === given.messageId);
  const entry = all[at];
  const total = window.hasMore ? await transcripts.count(ref) : all.length;
  const message = entry && display(entry, total - all.length + at + 1, { maxChars: given.maxChars });
  if (!message) throw errors.MESSAGE_UNKNOWN({ id: given.messageId });
  return { sessionKey: row.key, message: { ...message } };
}

export async function inject(call: MethodCall, given: Named & { readonly message: string; readonly label?: string }) {
  const row = await rowOf(call, given);
  const text = given.label === undefined ? given.message : `[${given.label}]\n\n${given.message}`;
  return { ok: true as const, messageId: await (await call.use(Runs)).inject(row, text) };
}

export async function compact(
  call: MethodCall,
  given: {
    readonly key: string;
    readonly agentId?: string;
    readonly maxLines?: number;
    readonly instructions?: string;
  },
) {
  const key = await keyOf(call, { sessionKey: given.key, agentId: given.agentId });
  const sessions = await call.use(Sessions);
  const row = await sessions.get(key);
  if (!row) return { ok: true as const, key, compacted: false, reason: "no sessionId" };
  if (given.maxLines === undefined) return summarise(call, key, given.instructions);
  if ((await call.use(Lanes)).active(key) !== undefined) throw errors.SESSION_RUNS({ key });
  const events = await call.use(Events);
  const operation = { operationId: uuid(call.platform.random), operation: "compact", sessionKey: key };
  const tell = (phase: string, more: Record<string, unknown> = {}) =>
    events.publish("session.operation", {
      ...operation,
      phase,
      agentId: row.agentId,
      ...more,
      ts: call.platform.clock.now(),
    });
  tell("start");
  const outcome = await (await call.use(Runs)).trim(row, given.maxLines).catch((error: unknown) => {
    tell("end", { completed: false, reason: "failed" });
    throw error;
  });
  tell("end", { completed: outcome !== undefined });
  if (!outcome) return { ok: true as const, key, compacted: false, reason: "below maxLines" };
  sessions.changed(row, "compact");
  return { ok: true as const, key, compacted: true, ...outcome };
}

/** Throws `COMPACTION_REFUSED` when it was tried and did not work; the conversation is as it was then. */
async function summarise(call: MethodCall, key: string, instructions: string | undefined) {
  const by = call.caller.principal;
  const outcome = await (
    await call.use(Context)
  ).compact(key, instructions === undefined ? { by } : { by, instructions });
  if (!outcome.compacted) {
    if (outcome.failed) throw errors.COMPACTION_REFUSED({ reason: outcome.reason });
    return { ok: true as const, key, compacted: false, reason: outcome.reason };
  }
  const { summary, firstKeptEntryId, details } = outcome.entry;
  const { tokensBefore, tokensAfter, archived } = outcome;
  const result = {
    summary,
    firstKeptEntryId,
    tokensBefore,
    tokensAfter,
    details: { ...(details as object | undefined) },
  };
  return { ok: true as const, key, compacted: true, result, ...(archived === undefined ? {} : { archived }) };
}

async function rowOf(call: MethodCall, given: Named) {
  const row = await (await call.use(Sessions)).get(await keyOf(call, given));
  if (!row) throw errors.CONVERSATION_UNKNOWN();
  return row;
}
