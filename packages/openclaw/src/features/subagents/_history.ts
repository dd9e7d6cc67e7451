/** Messages of a session as another one may read them: words only, without secrets, bounded. */
import { cut } from "../../base/text.ts";
import { redact } from "../../base/redact.ts";
import { textOf } from "../../contracts/message.ts";
import type { Message } from "../../contracts/message.ts";
import type { MessageEntry, TranscriptRef, Transcripts } from "../../store/index.ts";
import { visibleText } from "../runs/index.ts";

/** Characters of one text. */
const MAX_TEXT = 4000;
/** Bytes of a row in the transcript that is not looked into. */
const MAX_ROW = 512 * 1024;
const MAX_TAIL = 4 * 1024 * 1024;
const TOO_LARGE = "[sessions_history omitted: message too large]";
/** Blocks that features put around what they remember, and calls of tools that were written as text. */
const SCAFFOLDING =
  /<(relevant[-_]memories|memory[-_]context|tool_call|tool_result|function_calls?|function_results?|invoke)\b[^>]{0,200}>/gi;
const DIRECTIONS = /\[\[\s*(?:reply_to[^[\]]{0,300}|audio_as_voice|tts[^[\]]{0,300})\]\]|<\|[a-z0-9_]{1,40}\|>/gi;

export interface CleanMessage {
  readonly role: "user" | "assistant" | "toolResult";
  readonly text: string;
  readonly timestamp: number;
  readonly toolName?: string;
  /** Session that wrote it, where that was no person. */
  readonly from?: string;
}

export interface CleanHistory {
  readonly messages: readonly CleanMessage[];
  /** Older messages exist. */
  readonly truncated: boolean;
  readonly droppedMessages: boolean;
  readonly contentTruncated: boolean;
  readonly contentRedacted: boolean;
  /** Of the messages, as JSON. */
  readonly bytes: number;
}

export interface HistoryLimits {
  readonly limit: number;
  readonly includeTools: boolean;
  /** Of all messages together, as JSON. The newest stay. */
  readonly maxBytes: number;
}

export async function cleanHistory(
  transcripts: Pick<Transcripts, "tail">,
  ref: TranscriptRef,
  { limit, includeTools, maxBytes }: HistoryLimits,
): Promise<CleanHistory> {
  const window = await transcripts.tail(ref, { maxEntries: Math.max(limit * 4, 50), maxBytes: MAX_TAIL });
  const cleaned = window.entries.flatMap((entry) =>
    entry.type === "message" ? (clean((entry as MessageEntry).message, includeTools) ?? []) : [],
  );
  const newest = cleaned.slice(-limit);
  const fitting = newestWithin(newest, maxBytes);
  const kept = fitting.map(({ message }) => message);
  return {
    messages: kept,
    truncated: window.hasMore || cleaned.length > newest.length,
    droppedMessages: fitting.length < newest.length,
    contentTruncated: fitting.some(({ shortened }) => shortened),
    contentRedacted: fitting.some(({ masked }) => masked),
    bytes: Buffer.byteLength(JSON.stringify(kept)),
  };
}

interface Cleaned {
  readonly message: CleanMessage;
  readonly shortened: boolean;
  readonly masked: boolean;
}

/** Undefined for what is left out: results of tools unless wanted, and messages that say nothing. */
function clean(message: Message, includeTools: boolean): Cleaned | undefined {
  if (message.role === "toolResult" && !includeTools) return undefined;
  const said = saidIn(message);
  if (said === undefined) return undefined;
  const masked = redact(said);
  const text = masked.length > MAX_TEXT ? `${cut(masked, MAX_TEXT)}\n…(truncated)…` : masked;
  return {
    message: {
      role: message.role,
      text,
      timestamp: message.timestamp,
      ...(message.role === "toolResult" ? { toolName: message.toolName } : {}),
      ...(message.role === "user" && message.provenance ? { from: message.provenance.sourceSessionKey } : {}),
    },
    shortened: masked.length > MAX_TEXT || said === TOO_LARGE,
    masked: masked !== said,
  };
}

function saidIn(message: Message): string | undefined {
  const raw = textOf(message);
  if (raw.length > MAX_ROW) return TOO_LARGE;
  const words = withoutScaffolding(raw);
  const text = (message.role === "assistant" ? visibleText(words) : words).replace(DIRECTIONS, "").trim();
  const pictures =
    typeof message.content === "string" ? 0 : message.content.filter((part) => part.type === "image").length;
  const shown = [text, ...(pictures === 0 ? [] : [`[${pictures === 1 ? "a picture" : `${pictures} pictures`}]`])];
  const whole = shown.filter((part) => part !== "").join("\n");
  return whole === "" ? undefined : whole;
}

/** Blocks from their first tag to the next that ends it. One that is not ended stays, and its name is not looked for again. */
function withoutScaffolding(text: string): string {
  // Of the same length, which `toLowerCase` is not for every letter.
  const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const unended = new Set<string>();
  let out = "";
  let from = 0;
  for (const { 0: tag, 1: name = "", index } of text.matchAll(SCAFFOLDING)) {
    const end = `</${name.toLowerCase()}>`;
    if (index < from || unended.has(end)) continue;
    const at = lower.indexOf(end, index + tag.length);
    if (at < 0) unended.add(end);
    else {
      out += text.slice(from, index);
      from = at + end.length;
    }
  }
  return out + text.slice(from);
}

function newestWithin(messages: readonly Cleaned[], maxBytes: number): readonly Cleaned[] {
  let bytes = 0;
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    bytes += Buffer.byteLength(JSON.stringify(messages[i]?.message));
    if (bytes > maxBytes) return messages.slice(i + 1);
  }
  return messages;
}
