/** Whether a stored message already says what a live part says, so that it is not shown twice. */
import { textIn, thinkingIn } from "./conversation.ts";
import type { Entry, LivePart } from "./conversation.ts";

export function isCovered(part: LivePart, entries: readonly Entry[]): boolean {
  if (part.kind === "tool") return entries.some((entry) => callsTool(entry, part.callId));
  const text = part.text.trim();
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry === undefined || entry.seq <= part.afterSeq) return false;
    if (entry.message.role !== "assistant") continue;
    const stored = part.kind === "text" ? textIn(entry.message.content) : thinkingIn(entry.message.content);
    if (stored.trim().startsWith(text)) return true;
  }
  return false;
}

function callsTool(entry: Entry, callId: string): boolean {
  const { content } = entry.message;
  return typeof content !== "string" && content.some((part) => part.type === "toolCall" && part.id === callId);
}
