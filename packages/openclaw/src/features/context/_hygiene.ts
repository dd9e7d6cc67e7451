/**
 * The transcript validator that stands before every model request. Whatever a crash, an abort or a
 * hand-edited file left behind, `repair` yields a sequence that every provider accepts, and says
 * nothing that did not happen.
 *
 * Invariants (checked by `violations`):
 * 1. the first message is from the user;
 * 2. every tool call is followed, before any other message, by exactly one result, in call order;
 * 3. no result stands without its call; call ids are unique; ids and names are not empty;
 * 4. no message is empty.
 */
import { NOTICE } from "../../contracts/message.ts";
import type {
  AssistantMessage,
  DocumentPart,
  ImagePart,
  Message,
  TextPart,
  ToolCallPart,
  ToolResultMessage,
  UserMessage,
} from "../../contracts/message.ts";
import { readablePicture } from "./_picture.ts";

export const INTERRUPTED =
  "No result: the run ended before this tool call finished. It may or may not have taken effect.";

/** Stands where the result of a call will stand that the caller carries out. */
const DELEGATED = "Handed to the client that asked for it; its result is not known yet.";
const PENDING = { status: "pending", by: "client" } as const;

export function repair(messages: readonly Message[]): Message[] {
  const out: Message[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < messages.length; i += 1) {
    const message = messages[i];
    if (!message || message.role === "toolResult") continue; // results are taken with their call below
    if (message.role === "user") {
      const clean = cleanUser(message);
      if (clean) out.push(clean);
      continue;
    }
    const clean = cleanAssistant(message, seen);
    if (!clean) continue;
    out.push(clean.message, ...resultsFor(clean.calls, messages, i + 1));
  }
  const first = out.findIndex((message) => message.role === "user");
  return first < 0 ? [] : out.slice(first);
}

/** Call as kept, with the id under which its result was recorded. */
interface KeptCall {
  readonly call: ToolCallPart;
  readonly recordedId: string;
}

const cleanUsers = new WeakMap<UserMessage, UserMessage>();

/** Undefined for a message that says nothing. */
function cleanUser(message: UserMessage): UserMessage | undefined {
  const { content, provenance, envelope } = message;
  if (typeof content === "string" && provenance === undefined && envelope === undefined)
    return content.trim() === "" ? undefined : message;
  const known = cleanUsers.get(message);
  if (known) return known;
  if (typeof content === "string" && provenance === undefined) {
    if (content.trim() === "") return undefined;
    const { envelope: _, ...spoken } = { ...message, content: `${envelope} ${content}` };
    cleanUsers.set(message, spoken);
    return spoken;
  }
  const said = typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
  const parts = said.flatMap((part) => shownParts(part));
  if (parts.length === 0) return undefined;
  const same = parts.length === said.length && parts.every((part, i) => part === said[i]);
  const told = envelope === undefined ? parts : inEnvelope(envelope, parts);
  const { envelope: _, ...rest } = message;
  const clean =
    same && provenance === undefined && envelope === undefined
      ? message
      : { ...rest, content: provenance === undefined ? told : [sessionNote(provenance), ...told] };
  cleanUsers.set(message, clean);
  return clean;
}

type Shown = TextPart | ImagePart | DocumentPart;

/** `[Telegram Alice 4711 2026-01-18 00:19 PST] hello`. */
function inEnvelope(envelope: string, parts: readonly Shown[]): readonly Shown[] {
  const [first, ...others] = parts;
  if (first?.type !== "text") return [{ type: "text", text: envelope }, ...parts];
  return [{ type: "text", text: `${envelope} ${first.text}` }, ...others];
}

function sessionNote({
  sourceSessionKey,
  sourceChannel,
  sourceTool,
}: NonNullable<UserMessage["provenance"]>): TextPart {
  const channel = sourceChannel === undefined ? "" : ` channel=${sourceChannel}`;
  return {
    type: "text",
    text: `[Inter-session message from=${sourceSessionKey}${channel} tool=${sourceTool} isUser=false]`,
  };
}

/** Blank texts go; a picture that is none becomes a note. */
function shownParts<T extends TextPart | ImagePart | DocumentPart>(part: T): readonly (T | TextPart | ImagePart)[] {
  if (part.type === "image") return [readablePicture(part)];
  return part.type === "text" && part.text.trim() === "" ? [] : [part];
}

function cleanAssistant(
  message: AssistantMessage,
  seen: Set<string>,
): { message: AssistantMessage; calls: readonly KeptCall[] } | undefined {
  if (message.model === NOTICE) return undefined;
  if (isPlain(message)) return { message, calls: NO_CALLS };
  const calls: KeptCall[] = [];
  const content: AssistantMessage["content"][number][] = [];
  for (const part of message.content) {
    if (part.type === "toolCall") {
      if (part.id === "" || part.name === "" || typeof part.arguments !== "object" || part.arguments === null) continue;
      const call = { ...part, id: unique(part.id, seen) };
      calls.push({ call, recordedId: part.id });
      content.push(call.id === part.id ? part : call);
    } else if (part.type === "thinking") {
      if (part.thinking !== "" || part.thinkingSignature !== undefined) content.push(part);
    } else if (part.text.trim() !== "") {
      content.push(part);
    }
  }
  // Thinking alone is not a turn: what it led to is missing.
  if (!content.some((part) => part.type !== "thinking")) return undefined;
  const same = content.length === message.content.length && calls.every((c) => c.call.id === c.recordedId);
  return { message: same ? message : { ...message, content }, calls };
}

const NO_CALLS: readonly KeptCall[] = [];

/** Words alone, none of them blank: nearly every answer of a long conversation. */
function isPlain({ content }: AssistantMessage): boolean {
  return content.length > 0 && content.every((part) => part.type === "text" && part.text.trim() !== "");
}

function unique(id: string, seen: Set<string>): string {
  let candidate = id;
  for (let n = 2; seen.has(candidate); n += 1) candidate = `${id}_${n}`;
  seen.add(candidate);
  return candidate;
}

/**
 * One result per call: the first recorded one before the id is called again, else a statement that there is
 * none. A placeholder counts only while nothing better follows.
 */
function resultsFor(calls: readonly KeptCall[], messages: readonly Message[], from: number): ToolResultMessage[] {
  if (calls.length === 0) return [];
  const found = new Map<string, ToolResultMessage>();
  const open = new Set(calls.map((c) => c.recordedId));
  for (let i = from; i < messages.length && open.size > 0; i += 1) {
    const message = messages[i];
    if (!message) continue;
    if (message.role === "toolResult" && open.has(message.toolCallId)) {
      found.set(message.toolCallId, message);
      if (!isPending(message)) open.delete(message.toolCallId);
    } else if (message.role === "assistant") {
      for (const part of message.content) if (part.type === "toolCall") open.delete(part.id);
    }
  }
  const used = new Set<string>();
  return calls.map(({ call, recordedId }) => {
    const result = used.has(recordedId) ? undefined : found.get(recordedId);
    used.add(recordedId);
    return result ? cleanResult(result, call) : interrupted(call, 0);
  });
}

/** Results as they were sent before: the same object again, so that what is kept by message stays known. */
const cleanResults = new WeakMap<ToolResultMessage, ToolResultMessage>();

/** Blank texts and what is not meant for models are left out. */
function cleanResult(result: ToolResultMessage, call: ToolCallPart): ToolResultMessage {
  const known = cleanResults.get(result);
  if (known?.toolCallId === call.id && known.toolName === call.name) return known;
  const content = result.content.flatMap((part) => shownParts(part));
  const { details: _, ...rest } = result;
  const clean: ToolResultMessage = {
    ...rest,
    toolCallId: call.id,
    toolName: call.name,
    content: content.length === 0 ? [{ type: "text", text: "(no output)" }] : content,
  };
  cleanResults.set(result, clean);
  return clean;
}

/** The result of a call that never got one. */
export function interrupted(call: ToolCallPart, timestamp: number): ToolResultMessage {
  return {
    role: "toolResult",
    toolCallId: call.id,
    toolName: call.name,
    content: [{ type: "text", text: INTERRUPTED }],
    isError: true,
    timestamp,
  };
}

/** The result of a call that was handed to the caller. */
export function delegated(call: ToolCallPart, timestamp: number): ToolResultMessage {
  return {
    ...interrupted(call, timestamp),
    content: [{ type: "text", text: DELEGATED }],
    details: PENDING,
    isError: false,
  };
}

export function isPending({ details }: ToolResultMessage): boolean {
  const { status, by } = (details ?? {}) as Partial<typeof PENDING>;
  return status === PENDING.status && by === PENDING.by;
}

/** What is wrong with a sequence; empty for anything that `repair` returned. */
export function violations(messages: readonly Message[]): string[] {
  const found: string[] = [];
  const ids = new Set<string>();
  if (messages.length > 0 && messages[0]?.role !== "user") found.push("the first message is not from the user");
  for (let i = 0; i < messages.length; i += 1) {
    const message = messages[i];
    if (!message) continue;
    if (message.content.length === 0) found.push(`message ${i} is empty`);
    if (message.role === "toolResult") found.push(`result ${message.toolCallId} stands without its call`);
    if (message.role !== "assistant") continue;
    for (const part of message.content) {
      if (part.type !== "toolCall") continue;
      if (part.id === "" || part.name === "") found.push(`message ${i} has a call without id or name`);
      if (ids.has(part.id)) found.push(`call id ${part.id} is used twice`);
      ids.add(part.id);
      const next = messages[i + 1 + message.content.filter((p) => p.type === "toolCall").indexOf(part)];
      if (next?.role !== "toolResult" || next.toolCallId !== part.id)
        found.push(`call ${part.id} has no result in its place`);
    }
    const calls = message.content.filter((part) => part.type === "toolCall").length;
    i += messages.slice(i + 1, i + 1 + calls).filter((m) => m.role === "toolResult").length;
  }
  return found;
}
