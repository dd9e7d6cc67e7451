/** `context: "fork"`: the child begins with a copy of the conversation of whoever starts it. */
import type { Message } from "../../contracts/message.ts";
import type { SessionRow, TranscriptRef, Transcripts } from "../../store/index.ts";
import { Contexts } from "../context/index.ts";

const CHARS_PER_TOKEN = 4;

/** Copies into a transcript that nothing refers to yet. `maxTokens`: the longest, 0 = any. A warning where the child begins without it. */
export async function copyConversation(
  { transcripts, maxTokens }: { readonly transcripts: Transcripts; readonly maxTokens: number },
  from: SessionRow | undefined,
  to: TranscriptRef,
  cwd: string,
): Promise<{ readonly warnings: readonly string[] }> {
  if (!from) return { warnings: [] };
  if (from.agentId !== to.agentId)
    return { warnings: ["The sub-agent began without the conversation: it belongs to another agent."] };
  const ref = { agentId: from.agentId, sessionId: from.entry.sessionId };
  const stored = await new Contexts(transcripts).load(ref);
  const messages = whole(stored.map(({ message }) => message));
  if (maxTokens > 0 && JSON.stringify(messages).length > maxTokens * CHARS_PER_TOKEN)
    return { warnings: ["The sub-agent began without the conversation: it is too long to be copied."] };
  if (messages.length > 0)
    await transcripts.append(
      to,
      messages.map((message) => ({ message })),
      { cwd, durable: true },
    );
  return { warnings: [] };
}

/** Without the answer whose calls are still under way: the one that starts the child. */
function whole(messages: readonly Message[]): readonly Message[] {
  const answered = new Set(messages.flatMap((m) => (m.role === "toolResult" ? [m.toolCallId] : [])));
  const open = messages.findIndex(
    (m) => m.role === "assistant" && m.content.some((part) => part.type === "toolCall" && !answered.has(part.id)),
  );
  return open < 0 ? messages : messages.slice(0, open);
}
