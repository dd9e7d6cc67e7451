/** The messages of a request, in the shape of transcripts. */
import { NO_USAGE } from "../../contracts/message.ts";
import type {
  AssistantMessage,
  ImagePart,
  Message,
  ToolCallPart,
  ToolResultMessage,
  UserMessage,
} from "../../contracts/message.ts";
import { CLIENT } from "../runs/index.ts";

const PICTURES_ONLY = "User sent image(s) with no text.";

export function userMessage(text: string, images: readonly ImagePart[], timestamp: number): UserMessage {
  if (images.length === 0) return { role: "user", content: text, timestamp };
  const words = text.trim() === "" ? PICTURES_ONLY : text;
  return { role: "user", content: [{ type: "text", text: words }, ...images], timestamp };
}

export function assistantMessage(text: string, calls: readonly ToolCallPart[], timestamp: number): AssistantMessage {
  return {
    role: "assistant",
    content: [...(text.trim() === "" ? [] : [{ type: "text" as const, text }]), ...calls],
    timestamp,
    api: CLIENT,
    provider: CLIENT,
    model: CLIENT,
    usage: NO_USAGE,
    stopReason: calls.length > 0 ? "toolUse" : "stop",
  };
}

/** A call as the client sends it back; `text` is the JSON of its arguments. */
export function callPart(id: string, name: string, text: unknown): ToolCallPart {
  const base = { type: "toolCall", id, name } as const;
  if (typeof text !== "string" || text.trim() === "") return { ...base, arguments: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      return { ...base, arguments: value as Record<string, unknown> };
  } catch {
    // Kept as it is: the model wrote it.
  }
  return { ...base, arguments: {}, malformed: text };
}

export function resultMessage(
  id: string,
  text: string,
  { before, timestamp }: { before: readonly Message[]; timestamp: number },
): ToolResultMessage {
  const calls = before.flatMap((message) => (message.role === "assistant" ? message.content : []));
  const call = calls.find((part) => part.type === "toolCall" && part.id === id) as ToolCallPart | undefined;
  return {
    role: "toolResult",
    toolCallId: id,
    toolName: call?.name ?? "tool",
    content: [{ type: "text", text }],
    isError: false,
    timestamp,
  };
}

/** Up to the last message that asks something; pictures stay in the newest of the user's messages only. */
export function question(messages: readonly Message[]): readonly Message[] {
  const end = messages.findLastIndex(({ role }) => role !== "assistant") + 1;
  const newest = messages.findLastIndex(({ role }) => role === "user");
  return messages.slice(0, end).map((message, at) => {
    if (message.role !== "user" || at === newest || typeof message.content === "string") return message;
    const texts = message.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
    return { ...message, content: texts.join("\n") };
  });
}
