/**
 * A request that a provider refused for its shape, once more in the plainest one. History that other models, older
 * versions or edited files left behind is the usual cause; anything else that is refused is told as it is.
 */
import type { AssistantMessage, Message } from "../../../contracts/message.ts";
import type { ModelFailure, ModelRequest } from "../../../contracts/model.ts";

/** Complaints about reasoning that is replayed, calls and results that do not fit, and empty messages. */
const THOUGHTS = /signature|thinking|reasoning[_ ](?:content|item)|redacted/i;
const CALLS =
  /tool_?use|tool_?result|tool_?call|function_?(?:call|response)|\btool\b.{0,40}\b(?:id|role|message)|must alternate|roles? must/i;
const EMPTY = /(?:content|text)[^.]{0,60}(?:empty|non-?empty|blank|whitespace)|empty (?:content|text|message)/i;

/** Undefined when nothing of what is refused can be made plainer. */
export function repaired(request: ModelRequest, { class: kind, message }: ModelFailure): ModelRequest | undefined {
  if (kind !== "format") return undefined;
  const isOfCalls = CALLS.test(message);
  if (!isOfCalls && !THOUGHTS.test(message) && !EMPTY.test(message)) return undefined;
  const plain = request.messages.flatMap((one) => plainer(one));
  const messages = isOfCalls ? plainIds(plain) : plain;
  return JSON.stringify(messages) === JSON.stringify(request.messages) ? undefined : { ...request, messages };
}

function plainer(message: Message): Message[] {
  if (message.role !== "assistant") return [message];
  const content = message.content.filter(
    (part) => part.type !== "thinking" && (part.type !== "text" || part.text.trim() !== ""),
  );
  return content.length === 0 ? [] : [{ ...message, content }];
}

/** `call_1`, `call_2`, …: short, and of letters that everybody takes. */
function plainIds(messages: readonly Message[]): Message[] {
  const ids = new Map<string, string>();
  const plain = (id: string): string => {
    const known = ids.get(id) ?? `call${String(ids.size + 1).padStart(5, "0")}`;
    ids.set(id, known);
    return known;
  };
  return messages.map((message): Message => {
    if (message.role === "toolResult") return { ...message, toolCallId: plain(message.toolCallId) };
    if (message.role !== "assistant") return message;
    return { ...message, content: message.content.map((part) => plainPart(part, plain)) };
  });
}

type Part = AssistantMessage["content"][number];

function plainPart(part: Part, plain: (id: string) => string): Part {
  if (part.type !== "toolCall") return part;
  const { thoughtSignature: _, ...rest } = part;
  return { ...rest, id: plain(part.id) };
}
