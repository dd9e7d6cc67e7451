/** `chat.inject`: a text that stands in the conversation as if the assistant had said it. */
import { uuid } from "../../../base/ids.ts";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { AssistantMessage } from "../../../contracts/message.ts";
import type { SessionRow } from "../../../store/index.ts";
import type { RunDeps } from "../run.ts";

/** `model`: who says it; what `NOTICE` says is not shown to models. */
export async function inject(
  deps: RunDeps,
  row: SessionRow,
  text: string,
  model = "gateway-injected",
): Promise<string> {
  const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
  const timestamp = deps.platform.clock.now();
  const message: AssistantMessage = {
    role: "assistant",
    content: [{ type: "text", text }],
    timestamp,
    api: "openclaw",
    provider: "openclaw",
    model,
    usage: NO_USAGE,
    stopReason: "stop",
  };
  const agent = deps.agents.get(row.agentId) ?? deps.agents.default();
  const messageSeq = (await deps.contexts.total(ref)) + 1;
  const runId = `inject-${uuid(deps.platform.random)}`;
  const [entry] = await deps.contexts.append(ref, [message], { runId, cwd: agent.workspace, durable: true });
  const messageId = entry?.id ?? runId;
  const session = await deps.sessions.view(row);
  const where = { sessionKey: row.key, agentId: row.agentId };
  const meta = { id: messageId, seq: messageSeq, recordTimestampMs: timestamp, kind: "inject" };
  deps.events.publish("session.message", {
    ...session,
    ...where,
    message: { ...message, __openclaw: meta },
    messageId,
    messageSeq,
    session,
  });
  const shown = { role: message.role, content: message.content, timestamp };
  deps.events.publish("chat", { runId: `inject-${messageId}`, ...where, seq: 0, state: "final", message: shown });
  return messageId;
}
