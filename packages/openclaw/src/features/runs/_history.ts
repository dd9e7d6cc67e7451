/** A window of a session's messages as clients show them. */
import { cut } from "../../base/text.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { textOf } from "../../contracts/message.ts";
import type { Message } from "../../contracts/message.ts";
import { TranscriptsToken } from "../../store/index.ts";
import type { MessageEntry } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Sessions, canonicalKey, sessionSection } from "../sessions/index.ts";
import { Runs } from "./index.ts";
import { visibleText } from "./_visible.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MARK = "\n...(truncated)...";

export interface HistoryQuestion {
  readonly sessionKey: string;
  readonly agentId?: string;
  readonly limit: number;
  /** Messages to leave out at the new end, for paging backwards. */
  readonly offset: number;
  readonly maxChars?: number;
}

export async function history(call: MethodCall, question: HistoryQuestion): Promise<Record<string, unknown>> {
  const [sessions, runs, transcripts, config, agents] = await Promise.all([
    call.use(Sessions),
    call.use(Runs),
    call.use(TranscriptsToken),
    call.use(Config),
    call.use(Agents),
  ]);
  const key =
    canonicalKey(
      question.sessionKey,
      question.agentId ?? agents.default().id,
      config.current().section(sessionSection).mainKey,
    ) ?? question.sessionKey;
  const row = await sessions.get(key);
  const snapshot = runs.snapshot(key);
  const inFlightRun =
    snapshot === undefined
      ? {}
      : {
          inFlightRun: {
            runId: snapshot.runId,
            text: snapshot.text,
            startedAt: snapshot.startedAt,
            seq: snapshot.seq,
            events: [],
          },
        };
  if (!row)
    return {
      sessionKey: key,
      messages: [],
      hasMore: false,
      nextOffset: null,
      totalMessages: 0,
      pendingInputs: { items: [], total: 0 },
      ...inFlightRun,
    };
  const wanted = question.limit + question.offset;
  const window = await transcripts.tail(
    { agentId: row.agentId, sessionId: row.entry.sessionId },
    { maxEntries: wanted + 1, maxBytes: MAX_BYTES },
  );
  const all = window.entries.filter((entry): entry is MessageEntry => entry.type === "message");
  const end = Math.max(0, all.length - question.offset);
  const start = Math.max(0, end - question.limit);
  const hasMore = start > 0 || window.hasMore;
  return {
    sessionKey: key,
    sessionId: row.entry.sessionId,
    messages: all.slice(start, end).flatMap((entry) => display(entry, question.maxChars)),
    ...(row.entry.thinkingLevel === undefined ? {} : { thinkingLevel: row.entry.thinkingLevel }),
    pendingInputs: { items: [], total: 0 },
    hasMore,
    nextOffset: hasMore ? question.offset + (end - start) : null,
    sessionInfo: {
      ...(await sessions.view(row)),
      activeLeafEntryId: all.at(-1)?.id ?? null,
    },
    ...inFlightRun,
  };
}

/** The message as shown: silent answers left out, long texts cut, the entry's id attached. */
function display(entry: MessageEntry, maxChars: number | undefined): Record<string, unknown>[] {
  const { message } = entry;
  if (
    message.role === "assistant" &&
    message.content.every((part) => part.type === "text") &&
    visibleText(textOf(message)) === ""
  )
    return [];
  const shown = maxChars === undefined ? message : shorten(message, maxChars);
  const meta = {
    id: entry.id,
    recordTimestampMs: Date.parse(entry.timestamp),
    ...(entry.runId === undefined ? {} : { runId: entry.runId }),
    ...(shown === message ? {} : { truncated: true, reason: "display-cap" }),
  };
  return [{ ...shown, __openclaw: meta }];
}

function shorten(message: Message, max: number): Message {
  if (typeof message.content === "string")
    return message.content.length <= max
      ? message
      : ({ ...message, content: cut(message.content, max) + MARK } as Message);
  if (!message.content.some((part) => part.type === "text" && part.text.length > max)) return message;
  const content = message.content.map((part) =>
    part.type === "text" && part.text.length > max ? { ...part, text: cut(part.text, max) + MARK } : part,
  );
  return { ...message, content } as Message;
}
