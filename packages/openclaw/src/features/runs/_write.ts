/** Messages of a run, to the transcript and to everybody who watches the session. */
import type { AssistantMessage, Message, ToolCallPart } from "../../contracts/message.ts";
import type { TurnRow } from "../../store/index.ts";
import type { Place } from "./_setup.ts";
import type { RunDeps } from "./run.ts";

export async function write(
  deps: RunDeps,
  turn: TurnRow,
  place: Place,
  messages: readonly Message[],
  durable: boolean,
): Promise<void> {
  const entries = await deps.contexts.append(place.ref, messages, {
    runId: turn.id,
    cwd: place.agent.workspace,
    durable,
  });
  for (const entry of entries) {
    deps.events.publish("session.message", {
      sessionKey: turn.sessionKey,
      agentId: place.agent.id,
      message: { ...entry.message, __openclaw: { id: entry.id, runId: turn.id } },
      messageId: entry.id,
      runId: turn.id,
    });
  }
}

export function toolCalls(message: AssistantMessage): ToolCallPart[] {
  return message.content.filter((part): part is ToolCallPart => part.type === "toolCall");
}
