/**
 * A caller that holds the conversation itself sends it again with every question. Here it is held against
 * the transcript, so that nothing stands there twice.
 */
import { onOneLine } from "../../../base/text.ts";
import { textOf } from "../../../contracts/message.ts";
import type { Message, ToolResultMessage, UserMessage } from "../../../contracts/message.ts";
import { isPending } from "../../context/index.ts";
import { visibleText } from "../_reply/visible.ts";

/**
 * What of `sent` is to be appended to `stored`. Its longest beginning that stands in the transcript in one piece
 * is left out. Results at the end of `sent` are its news: they are never left out, and those whose call is not
 * the last thing that was said become words of the user.
 */
export function unknownMessages(stored: readonly Message[], sent: readonly Message[]): readonly Message[] {
  const news = sent.findLastIndex((message) => message.role !== "toolResult") + 1;
  const before = sent.slice(0, news);
  const rest = before.slice(knownLength(stored, before));
  const open = openCalls([...stored, ...rest]);
  const results = sent.slice(news).filter((message) => message.role === "toolResult");
  return [...rest, ...results.map((result) => (open.has(result.toolCallId) ? result : asWords(result)))];
}

/** How many messages of the transcript may belong to one of the caller's: tools make many of one answer. */
const LOOK_BACK = 8;

/** One message as caller and transcript both see it; `from` is where it begins in the list it came from. */
interface Line {
  readonly role: Message["role"];
  readonly text: string;
  readonly calls: readonly string[];
  readonly from: number;
}

/** How much of `sent` the transcript holds: all of it somewhere, or else a beginning with which the transcript ends. */
function knownLength(stored: readonly Message[], sent: readonly Message[]): number {
  if (stored.length === 0 || sent.length === 0) return 0;
  const ids = new Set(sent.flatMap(callIds));
  const known = linesOf(stored.slice(-(sent.length * LOOK_BACK + 64)), ids);
  const wanted = linesOf(sent, ids);
  let best = 0;
  for (let start = known.length - 1; start >= 0 && best < wanted.length; start -= 1) {
    let length = 0;
    while (length < wanted.length && same(known[start + length], wanted[length])) length += 1;
    if (length === wanted.length || start + length === known.length) best = Math.max(best, length);
  }
  return wanted[best]?.from ?? sent.length;
}

/** Assistant messages in a row are one; calls and results that the caller does not know are none of its business. */
function linesOf(messages: readonly Message[], ids: ReadonlySet<string>): Line[] {
  const lines: Line[] = [];
  for (const [from, message] of messages.entries()) {
    if (message.role === "toolResult") {
      if (ids.has(message.toolCallId) && !isPending(message))
        lines.push({ role: "toolResult", text: message.toolCallId, calls: [], from });
      continue;
    }
    const calls = callIds(message).filter((id) => ids.has(id));
    const text = message.role === "assistant" ? visibleText(textOf(message)) : textOf(message);
    const last = lines.at(-1);
    if (message.role === "assistant" && last?.role === "assistant") {
      lines[lines.length - 1] = { ...last, text: `${last.text}\n\n${text}`, calls: [...last.calls, ...calls] };
    } else lines.push({ role: message.role, text, calls, from });
  }
  return lines.map((line) => ({ ...line, text: line.role === "assistant" ? onOneLine(line.text) : line.text.trim() }));
}

/** The transcript may have put system lines before what the user wrote. */
function same(known: Line | undefined, wanted: Line | undefined): boolean {
  if (!known || !wanted || known.role !== wanted.role || known.calls.join() !== wanted.calls.join()) return false;
  if (known.text === wanted.text) return true;
  const before = known.text.length - wanted.text.length;
  if (known.role !== "user" || wanted.text === "" || before < 2 || !known.text.endsWith(wanted.text)) return false;
  return known.text.slice(before - 2, before) === "\n\n";
}

function callIds(message: Message): string[] {
  if (message.role !== "assistant") return [];
  return message.content.flatMap((part) => (part.type === "toolCall" ? [part.id] : []));
}

/** Calls of the newest assistant message, while nobody has spoken since. */
function openCalls(messages: readonly Message[]): ReadonlySet<string> {
  const last = messages.findLast((message) => message.role !== "toolResult");
  return new Set(last === undefined ? [] : callIds(last));
}

function asWords(result: ToolResultMessage): UserMessage {
  return { role: "user", content: `Tool:${result.toolCallId}: ${textOf(result)}`, timestamp: result.timestamp };
}
