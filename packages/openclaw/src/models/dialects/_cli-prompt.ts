/** What a program is told: the new words alone where it knows the rest, else the conversation before them. */
import type { AssistantMessage, ImagePart, Message } from "../../contracts/message.ts";
import { textOf } from "../../contracts/message.ts";
import { shortened } from "../../base/text.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";

export interface Told {
  readonly text: string;
  readonly images: readonly ImagePart[];
  /** The program's own conversation that goes on. */
  readonly sessionId?: string;
}

/** Of a result of a tool that another model used. */
const MAX_RESULT_CHARS = 2000;

/**
 * The program's conversation goes on where the last answer of this one was its own: the answer carries the id of that
 * conversation. After answers of others, after a reset, and without such an id it is told everything.
 */
export function toldOf({ messages, endpoint }: Pick<ModelRequest, "messages" | "endpoint">): Told {
  const at = endpoint.program?.sessionMode === "none" ? -1 : messages.findLastIndex(isAnswer);
  const last = messages[at] as AssistantMessage | undefined;
  const sessionId = last && isOwn(last, endpoint) ? last.responseId : undefined;
  const rest = sessionId === undefined ? messages : messages.slice(at + 1);
  const told = { text: textFor(rest), images: imagesOf(rest) };
  return sessionId === undefined ? told : { ...told, sessionId };
}

/** The same without a conversation of its own: for a program that has forgotten it. */
export function toldAnew({ messages }: Pick<ModelRequest, "messages">): Told {
  return { text: textFor(messages), images: imagesOf(messages) };
}

function isAnswer(message: Message): boolean {
  return message.role === "assistant";
}

function isOwn({ api, provider }: AssistantMessage, endpoint: Endpoint): boolean {
  return api === endpoint.api && provider === endpoint.provider;
}

function textFor(messages: readonly Message[]): string {
  const from = messages.findLastIndex((message) => message.role !== "user") + 1;
  const before = messages
    .slice(0, from)
    .map(line)
    .filter((text) => text !== "");
  const words = messages.slice(from).map(textOf).join("\n\n").trim();
  if (before.length === 0) return words;
  const history = `The conversation so far:\n\n${before.join("\n\n")}`;
  return words === "" ? `${history}\n\nGo on.` : `${history}\n\nThe new message, which is to be answered:\n\n${words}`;
}

function line(message: Message): string {
  const text = textOf(message).trim();
  if (message.role === "toolResult") return `[Result of ${message.toolName}]\n${shortened(text, MAX_RESULT_CHARS)}`;
  return text === "" ? "" : `${message.role === "user" ? "User" : "You"}: ${text}`;
}

function imagesOf(messages: readonly Message[]): ImagePart[] {
  return messages.flatMap((message) =>
    message.role === "user" && typeof message.content !== "string"
      ? message.content.filter((part) => part.type === "image")
      : [],
  );
}
