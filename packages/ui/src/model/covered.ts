/** Whether a stored message already says what a live part says, so that it is not shown twice. */
import { textIn, thinkingIn } from "./conversation.ts";
import type { Entry, LivePart, LiveRun } from "./conversation.ts";
import { after } from "./entries.ts";

export function isCovered(part: LivePart, entries: readonly Entry[]): boolean {
  if (part.kind === "tool") return entries.some((entry) => callsTool(entry, part.runId, part.callId));
  const text = part.text.trim();
  return after(entries, part.afterId).some(({ message }) => {
    if (message.role !== "assistant") return false;
    const stored = part.kind === "text" ? textIn(message.content) : thinkingIn(message.content);
    return stored.trim().startsWith(text);
  });
}

/** Whether the failure of a run is stored already. */
export function isFailureStored(run: LiveRun, entries: readonly Entry[]): boolean {
  return after(entries, run.afterId).some((entry) => entry.message.stopReason === "error");
}

function callsTool(entry: Entry, runId: string, callId: string): boolean {
  const { content, __openclaw: meta } = entry.message;
  if (meta?.runId !== undefined && meta.runId !== runId) return false;
  return typeof content !== "string" && content.some((part) => part.type === "toolCall" && part.id === callId);
}
