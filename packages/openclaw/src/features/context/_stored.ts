/** Entries of a transcript as messages for a model. Files may be of another version or edited by hand: nothing is taken on trust. */
import { isRecord } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import type {
  AssistantMessage,
  ImagePart,
  Message,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultMessage,
  UserMessage,
} from "../../contracts/message.ts";
import type { CompactionEntry, Entry, MessageEntry } from "../../store/index.ts";
import { recordMessage } from "./_record.ts";

export interface StoredMessage {
  readonly message: Message;
  readonly runId: string | undefined;
  /** Its entry in the transcript; for a record of what was before, the entry of the compaction. */
  readonly entryId: string;
}

export interface StoredWindow {
  /** The record of what was before, if any, then what was kept and what came after. */
  readonly stored: StoredMessage[];
  /** Place of the first message that came after the newest compaction: what models reported before does not count. */
  readonly since: number;
  readonly compaction: CompactionEntry | undefined;
}

/** `entries` are those of the context, oldest first, as `Transcripts.context` gives them. */
export function storedWindow(entries: readonly Entry[]): StoredWindow {
  const at = entries.findLastIndex((entry) => entry.type === "compaction" && isCompaction(entry));
  const compaction = at < 0 ? undefined : (entries[at] as CompactionEntry);
  const kept = entries.slice(0, Math.max(at, 0)).flatMap(fromEntry);
  const after = entries.slice(at + 1).flatMap(fromEntry);
  const record = compaction === undefined ? [] : [storedRecord(compaction)];
  return { stored: [...record, ...kept, ...after], since: record.length + kept.length, compaction };
}

export function storedRecord(entry: CompactionEntry): StoredMessage {
  return { message: recordMessage(entry), runId: undefined, entryId: entry.id };
}

function isCompaction(entry: Entry): boolean {
  return typeof (entry as Partial<CompactionEntry>).summary === "string";
}

function fromEntry(entry: Entry): StoredMessage[] {
  const { id: entryId } = entry;
  if (entry.type === "message") {
    const { message, runId } = entry as MessageEntry;
    const sound = soundMessage(message);
    return sound === undefined
      ? []
      : [{ message: sound, runId: typeof runId === "string" ? runId : undefined, entryId }];
  }
  if (entry.type === "custom_message" || entry.type === "branch_summary") {
    const { content, summary, timestamp } = entry as { content?: unknown; summary?: unknown; timestamp: string };
    const message = soundMessage({ role: "user", content: content ?? summary, timestamp: Date.parse(timestamp) || 0 });
    return message === undefined ? [] : [{ message, runId: undefined, entryId }];
  }
  return [];
}

/** The message, the same object when nothing is wrong with it; undefined when it is none. */
function soundMessage(value: unknown): Message | undefined {
  if (!isRecord(value)) return undefined;
  switch (value["role"]) {
    case "user":
      return soundUser(value);
    case "assistant":
      return soundAssistant(value);
    case "toolResult":
      return soundResult(value);
    default:
      return undefined;
  }
}

function soundUser(value: Loose): UserMessage | undefined {
  const { content } = value;
  if (typeof content === "string") return value as unknown as UserMessage;
  const parts = soundParts(content, isShown);
  return parts && withContent<UserMessage>(value, parts);
}

function soundAssistant(value: Loose): AssistantMessage | undefined {
  const { content } = value;
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : soundParts(content, isOfAssistant);
  if (!parts) return undefined;
  const message = withContent<AssistantMessage>(value, parts);
  const usage = soundUsage(message.usage);
  return usage === message.usage ? message : { ...message, usage };
}

function soundResult(value: Loose): ToolResultMessage | undefined {
  const { content, toolCallId, toolName } = value;
  if (typeof toolCallId !== "string") return undefined;
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : soundParts(content, isShown);
  if (!parts) return undefined;
  const message = withContent<ToolResultMessage>(value, parts);
  return typeof toolName === "string" ? message : { ...message, toolName: "tool" };
}

function soundParts(content: unknown, isSound: (part: Loose) => boolean): readonly unknown[] | undefined {
  if (!Array.isArray(content)) return undefined;
  return content.every((part) => isRecord(part) && isSound(part))
    ? content
    : content.filter((part) => isRecord(part) && isSound(part));
}

function withContent<T>(value: Loose, content: readonly unknown[]): T {
  return (content === value["content"] ? value : { ...value, content }) as T;
}

function isShown(part: Loose): boolean {
  const { text } = part as Partial<TextPart>;
  const { data, mimeType } = part as Partial<ImagePart>;
  if (part["type"] === "text") return isText(text);
  return part["type"] === "image" && isText(data) && isText(mimeType);
}

function isOfAssistant(part: Loose): boolean {
  if (part["type"] === "text") return typeof part["text"] === "string";
  if (part["type"] === "thinking") return typeof (part as Partial<ThinkingPart>).thinking === "string";
  const { id, name, arguments: given } = part as Partial<ToolCallPart>;
  return part["type"] === "toolCall" && isText(id) && isText(name) && isRecord(given);
}

/** What models reported is reckoned with: it must be numbers. */
function soundUsage(usage: unknown): AssistantMessage["usage"] {
  if (!isRecord(usage)) return NO_USAGE;
  const names = ["input", "output", "cacheRead", "cacheWrite", "totalTokens"] as const;
  return names.every((name) => typeof usage[name] === "number")
    ? (usage as unknown as AssistantMessage["usage"])
    : NO_USAGE;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
