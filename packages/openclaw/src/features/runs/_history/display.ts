/** Messages as clients show them: what is not meant for people is left out, what is too long is cut. */
import { cut } from "../../../base/text.ts";
import type { Message, Part } from "../../../contracts/message.ts";
import { textOf } from "../../../contracts/message.ts";
import type { MessageEntry } from "../../../store/index.ts";
import { visibleText } from "../_reply/visible.ts";

const MARK = "\n...(truncated)...";
const TOO_LARGE = "[chat.history omitted: message too large]";
/** Instructions to the sender of a reply, and tool calls that a model wrote as text. */
const TAGS =
  /\[\[\s*(?:reply_to[^[\]]*|audio_as_voice|tts[^[\]]*)\]\]|<(tool_call|function_calls)>(?:(?!<\1>)[\s\S])*?<\/\1>/gi;

export interface Limits {
  /** Characters of one text. */
  readonly maxChars?: number | undefined;
  /** Bytes of one message as JSON. */
  readonly maxBytes?: number | undefined;
}

export type Shown = Readonly<Record<string, unknown>>;

/** The message of an entry with its place (`seq`, from 1); undefined for a silent answer. */
export function display(entry: MessageEntry, seq: number, limits: Limits = {}): Shown | undefined {
  const clean = cleaned(entry.message);
  if (clean === undefined) return undefined;
  const short = limits.maxChars === undefined ? clean : shortened(clean, limits.maxChars);
  const meta = {
    id: entry.id,
    seq,
    recordTimestampMs: Date.parse(entry.timestamp),
    ...(entry.runId === undefined ? {} : { runId: entry.runId }),
    ...(short === clean ? {} : { truncated: true, reason: "display-cap" }),
  };
  const shown = { ...short, __openclaw: meta };
  if (limits.maxBytes === undefined || size(shown) <= limits.maxBytes) return shown;
  const content = typeof short.content === "string" ? TOO_LARGE : [{ type: "text", text: TOO_LARGE }];
  return { ...short, content, __openclaw: { ...meta, truncated: true, reason: "oversized" } };
}

/** The newest messages that together fit into `maxBytes`; always the newest one. */
export function fitting(messages: readonly Shown[], maxBytes: number): readonly Shown[] {
  let bytes = 0;
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    bytes += size(messages[i]!);
    if (bytes > maxBytes && i < messages.length - 1) return messages.slice(i + 1);
  }
  return messages;
}

function size(message: Shown): number {
  return Buffer.byteLength(JSON.stringify(message));
}

function cleaned(message: Message): Message | undefined {
  if (message.role !== "assistant") return message;
  if (message.content.every((part) => part.type === "text") && visibleText(textOf(message)) === "") return undefined;
  if (!message.content.some((part) => part.type === "text" && part.text !== shownText(part.text))) return message;
  return {
    ...message,
    content: message.content.map((part) => (part.type === "text" ? { ...part, text: shownText(part.text) } : part)),
  };
}

function shownText(text: string): string {
  const visible = visibleText(text);
  return visible.includes("[[") || visible.includes("<") ? visible.replace(TAGS, "").trim() : visible;
}

function shortened(message: Message, max: number): Message {
  const { content } = message;
  if (typeof content === "string")
    return content.length <= max ? message : ({ ...message, content: cut(content, max) + MARK } as Message);
  if (!content.some((part) => part.type === "text" && part.text.length > max)) return message;
  const parts = (content as readonly Part[]).map((part) =>
    part.type === "text" && part.text.length > max ? { ...part, text: cut(part.text, max) + MARK } : part,
  );
  return { ...message, content: parts } as Message;
}
