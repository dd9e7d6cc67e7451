/** A request for the rest of an answer that broke off: another model reads how far it got, and goes on from there. */
import { NO_USAGE } from "../../../contracts/message.ts";
import type { AssistantMessage } from "../../../contracts/message.ts";
import type { ModelRequest } from "../../../contracts/model.ts";

const NOTE =
  "[The connection broke off in the middle of your answer. What stands above was shown to the person already. Go on from exactly where it stops, beginning with the very next word: repeat nothing of it, do not begin anew, and do not mention the interruption.]";

/** The note ends the request as a message of the user: not every provider lets an answer be begun for its model. */
export function continued(request: ModelRequest, said: string, now: number): ModelRequest {
  if (said.trim() === "") return request;
  const { provider, api, model } = request.endpoint;
  const begun: AssistantMessage = {
    role: "assistant",
    content: [{ type: "text", text: said.trimEnd() }],
    timestamp: now,
    api,
    provider,
    model: model.id,
    usage: NO_USAGE,
    stopReason: "stop",
  };
  return { ...request, messages: [...request.messages, begun, { role: "user", content: NOTE, timestamp: now }] };
}

/** The whole answer as one message: what was shown, then what else the second part holds. */
export function joined(message: AssistantMessage, shown: string): AssistantMessage {
  const others = message.content.filter((part) => part.type !== "text");
  const thoughts = others.filter((part) => part.type === "thinking");
  const calls = others.filter((part) => part.type === "toolCall");
  return {
    ...message,
    content: [...thoughts, ...(shown === "" ? [] : [{ type: "text" as const, text: shown }]), ...calls],
  };
}
