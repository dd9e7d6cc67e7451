/** Messages of a run, to the transcript and to everybody who watches the session. */
import type { AssistantMessage, Message, ToolCallPart } from "../../../contracts/message.ts";
import type { TurnRow } from "../../../store/index.ts";
import type { Place } from "../_setup/setup.ts";
import type { RunDeps } from "../run.ts";

export async function write(
  deps: RunDeps,
  turn: TurnRow,
  place: Place,
  messages: readonly Message[],
  durable: boolean,
): Promise<void> {
  const before = await deps.contexts.total(place.ref);
  const entries = await deps.contexts.append(place.ref, messages, {
    runId: turn.id,
    cwd: place.agent.workspace,
    durable,
  });
  const session = await deps.sessions.view(place.session);
  for (const [i, entry] of entries.entries()) {
    const messageSeq = before + i + 1;
    const meta = { id: entry.id, seq: messageSeq, runId: turn.id, recordTimestampMs: Date.parse(entry.timestamp) };
    deps.events.publish("session.message", {
      ...session,
      sessionKey: turn.sessionKey,
      agentId: place.agent.id,
      message: { ...entry.message, __openclaw: meta },
      messageId: entry.id,
      messageSeq,
      ...(entry.message.role === "user" ? { senderIsOwner: turn.principal.role === "owner" } : {}),
      session,
      runId: turn.id,
    });
  }
}

export function toolCalls(message: AssistantMessage): ToolCallPart[] {
  return message.content.filter((part): part is ToolCallPart => part.type === "toolCall");
}
