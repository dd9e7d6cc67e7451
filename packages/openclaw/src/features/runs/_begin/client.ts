/** Callers that take part themselves: with tools of their own, and with a conversation that they hold. */
import type { AssistantMessage, ToolCallPart } from "../../../contracts/message.ts";
import type { ToolSchema } from "../../../contracts/model.ts";
import type { TurnRow } from "../../../store/index.ts";
import { errors } from "../errors.ts";

/** `provider` and `api` of assistant messages that a caller brought along. */
export const CLIENT = "client";

/** Throws `CLIENT_TOOL_TAKEN` for a tool of the caller that is called like one of the agent's. */
export function offered<T extends { readonly name: string }>(
  own: readonly T[],
  ofClient: readonly ToolSchema[],
): readonly (T | ToolSchema)[] {
  const taken = ofClient.find(({ name }) => own.some((tool) => tool.name === name));
  if (taken) throw errors.CLIENT_TOOL_TAKEN({ tool: taken.name });
  return ofClient.length === 0 ? own : [...own, ...ofClient].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Calls of the caller's own tools in an answer. */
export function clientCalls(turn: TurnRow, answer: AssistantMessage): ToolCallPart[] {
  const names = new Set(turn.options.clientTools?.map(({ name }) => name));
  return answer.content.filter((part) => part.type === "toolCall").filter(({ name }) => names.has(name));
}
