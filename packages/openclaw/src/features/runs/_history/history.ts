/**
 * A window of a session's messages as clients show them (`chat.history`, `chat.startup`, the session history
 * over HTTP). With the cursor of an earlier answer only what came since, or `reset` when that cannot be told.
 */
import type { MethodCall } from "../../../contracts/method.ts";
import { TranscriptsToken } from "../../../store/index.ts";
import type {
  CompactionEntry,
  MessageEntry,
  SessionRow,
  TranscriptRef,
  TranscriptWindow,
} from "../../../store/index.ts";
import { Agents } from "../../agents/index.ts";
import { Config } from "../../config/index.ts";
import { Sessions, canonicalKey, parseKey, sessionSection } from "../../sessions/index.ts";
import { compact } from "../../../base/text.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { display, fitting } from "./display.ts";
import type { Shown } from "./display.ts";
import { Runs } from "../_service-tokens.ts";

/** Bytes of transcript that one answer looks at. */
const MAX_READ = 16 * 1024 * 1024;
const MAX_BYTES = 8 * 1024 * 1024;
/** Entries in which a message or a cursor is looked for. */
const SEARCHED = 5000;

export interface HistoryQuestion {
  readonly sessionKey: string;
  readonly agentId?: string | undefined;
  /** An earlier conversation of this session, by its id. */
  readonly sessionId?: string | undefined;
  readonly limit: number;
  /** Messages to leave out at the new end, for paging backwards. */
  readonly offset: number;
  readonly maxChars?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** The window is laid around this message. */
  readonly messageId?: string | undefined;
  readonly cursor?: string | undefined;
}

type Call = Pick<MethodCall, "use" | "platform">;

export async function history(call: Call, question: HistoryQuestion): Promise<Record<string, unknown>> {
  const sessions = await call.use(Sessions);
  const key = await keyOf(call, question);
  const row = await sessions.get(key);
  const inFlight = inFlightRun((await call.use(Runs)).snapshot(key));
  const defaults = await sessions.defaults(row?.agentId ?? parseKey(key)?.agentId ?? "main");
  if (!row) return { ...empty(key), defaults, ...inFlight };
  const ref = { agentId: row.agentId, sessionId: question.sessionId ?? row.entry.sessionId };
  if (question.cursor !== undefined) return delta(call, question, { row, ref, inFlight });
  const page = await read(call, ref, question);
  const sessionInfo = { ...(await sessions.view(row)), activeLeafEntryId: page.leaf };
  return {
    sessionKey: key,
    sessionId: ref.sessionId,
    messages: page.messages,
    compactions: page.compactions,
    ...levels(row),
    pendingInputs: { items: [], total: 0 },
    deltaCursor: writeCursor({ sessionId: ref.sessionId, leaf: page.leaf }),
    hasMore: page.hasMore,
    nextOffset: page.hasMore ? page.nextOffset : null,
    totalMessages: page.total,
    defaults,
    sessionInfo,
    ...inFlight,
  };
}

async function delta(
  call: Call,
  question: HistoryQuestion,
  { row, ref, inFlight }: { row: SessionRow; ref: TranscriptRef; inFlight: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  const cursor = readCursor(question.cursor ?? "");
  if (cursor === undefined || cursor.sessionId !== ref.sessionId) return { kind: "reset", sessionKey: row.key };
  const { window, total } = await look(call, ref, SEARCHED);
  const at = cursor.leaf === null ? -1 : window.entries.findIndex(({ id }) => id === cursor.leaf);
  if (at < 0 && (cursor.leaf !== null || window.hasMore)) return { kind: "reset", sessionKey: row.key };
  const all = messagesOf(window);
  const since = new Set(window.entries.slice(at + 1));
  const messages = all.flatMap((entry, i) =>
    since.has(entry) ? (display(entry, total - all.length + i + 1, question) ?? []) : [],
  );
  const leaf = window.entries.at(-1)?.id ?? null;
  return {
    kind: "delta",
    sessionKey: row.key,
    sessionId: ref.sessionId,
    messages,
    deltaCursor: writeCursor({ sessionId: ref.sessionId, leaf }),
    totalMessages: total,
    sessionInfo: { ...(await (await call.use(Sessions)).view(row)), activeLeafEntryId: leaf },
    ...inFlight,
  };
}

interface Page {
  readonly messages: readonly Shown[];
  /** Where what came before was summarised for the model. */
  readonly compactions: readonly Shown[];
  readonly hasMore: boolean;
  readonly nextOffset: number;
  readonly total: number;
  readonly leaf: string | null;
}

async function read(call: Call, ref: TranscriptRef, question: HistoryQuestion): Promise<Page> {
  const { limit, messageId } = question;
  const wanted = messageId === undefined ? limit + question.offset + 1 : SEARCHED;
  const { window, total } = await look(call, ref, wanted);
  const all = messagesOf(window);
  const offset = messageId === undefined ? question.offset : offsetAround(all, messageId, limit);
  const end = Math.max(0, all.length - offset);
  const start = Math.max(0, end - limit);
  const maxBytes = Math.min(question.maxBytes ?? MAX_BYTES, MAX_BYTES);
  const shown = all.slice(start, end).flatMap((entry, i) => {
    const message = display(entry, total - all.length + start + i + 1, { maxChars: question.maxChars, maxBytes });
    return message === undefined ? [] : [{ message, at: start + i }];
  });
  const messages = fitting(
    shown.map(({ message }) => message),
    maxBytes,
  );
  const first = messages.length < shown.length ? (shown[shown.length - messages.length]?.at ?? start) : start;
  return {
    messages,
    compactions: compactionsIn(window, { page: all.slice(first, end), messages }),
    hasMore: first > 0 || window.hasMore,
    nextOffset: all.length - first,
    total,
    leaf: window.entries.at(-1)?.id ?? null,
  };
}

async function look(
  call: Call,
  ref: TranscriptRef,
  maxEntries: number,
): Promise<{ window: TranscriptWindow; total: number }> {
  const transcripts = await call.use(TranscriptsToken);
  const window = await transcripts.tail(ref, { maxEntries, maxBytes: MAX_READ });
  const total = window.hasMore ? await transcripts.count(ref) : messagesOf(window).length;
  return { window, total };
}

function messagesOf(window: TranscriptWindow): MessageEntry[] {
  return window.entries.filter((entry): entry is MessageEntry => entry.type === "message");
}

/** Those of a page, each with the message that it stands after: null at the top of the page. */
function compactionsIn(
  { entries, hasMore }: TranscriptWindow,
  { page, messages }: { readonly page: readonly MessageEntry[]; readonly messages: readonly Shown[] },
): readonly Shown[] {
  const places = new Set(page.map(({ id }) => id));
  const shown = new Set(messages.map((message) => (message["__openclaw"] as { readonly id: string }).id));
  let afterId: string | null = null;
  let within = !hasMore && (page.length === 0 || entries.find(({ type }) => type === "message") === page[0]);
  return entries.flatMap((entry): Shown[] => {
    if (entry.type === "message") {
      within = places.has(entry.id);
      if (shown.has(entry.id)) afterId = entry.id;
    }
    if (entry.type !== "compaction" || !within) return [];
    const { id, summary, tokensBefore, details, timestamp } = entry as CompactionEntry;
    const tokensAfter = (details as { tokensAfter?: unknown } | undefined)?.tokensAfter;
    return [compact({ id, afterId, at: Date.parse(timestamp) || 0, summary, tokensBefore, tokensAfter })];
  });
}

/** So that the message stands about in the middle; 0 when it is not found. */
function offsetAround(all: readonly MessageEntry[], messageId: string, limit: number): number {
  const at = all.findIndex(({ id }) => id === messageId);
  return at < 0 ? 0 : Math.max(0, all.length - 1 - at - Math.floor(limit / 2));
}

/** The canonical key of what the caller wrote; what makes no sense is a session that nobody has. */
export async function keyOf(
  call: Call,
  { sessionKey, agentId }: { readonly sessionKey: string; readonly agentId?: string | undefined },
): Promise<string> {
  const [config, agents] = await Promise.all([call.use(Config), call.use(Agents)]);
  const { mainKey } = config.current().section(sessionSection);
  return canonicalKey(sessionKey, agentId ?? agents.default().id, mainKey) ?? sessionKey;
}

function empty(sessionKey: string): Record<string, unknown> {
  return {
    sessionKey,
    messages: [],
    hasMore: false,
    nextOffset: null,
    totalMessages: 0,
    pendingInputs: { items: [], total: 0 },
  };
}

function levels({ entry }: SessionRow): Record<string, unknown> {
  const { thinkingLevel, verboseLevel } = entry;
  return {
    ...(thinkingLevel === undefined ? {} : { thinkingLevel }),
    ...(verboseLevel === undefined ? {} : { verboseLevel }),
  };
}

function inFlightRun(
  run: { runId: string; text: string; startedAt: number; seq: number } | undefined,
): Record<string, unknown> {
  if (run === undefined) return {};
  const { runId, text, startedAt, seq } = run;
  return { inFlightRun: { runId, text, startedAt, seq, events: [] } };
}
