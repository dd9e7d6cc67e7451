/** What a run does now, for the status line. */
import { toolKey } from "./conversation.ts";
import type { Conversation, LiveRun } from "./conversation.ts";

export type Activity =
  | { readonly kind: "tool" | "fallback"; readonly name: string }
  | { readonly kind: "writing" | "thinking" | "starting" | "approval" };

export function activityOf(run: LiveRun, conversation: Conversation): Activity {
  if (run.phase === "waiting-approval") return { kind: "approval" };
  if (run.phase === "fallback_step" && run.trying !== undefined) return { kind: "fallback", name: run.trying };
  const running = run.parts.findLast(
    (part) => part.kind === "tool" && conversation.tools.get(toolKey(part.runId, part.callId))?.status === "running",
  );
  if (running?.kind === "tool")
    return { kind: "tool", name: conversation.tools.get(toolKey(running.runId, running.callId))?.name ?? "" };
  if (run.phase !== undefined) return { kind: run.byAgent ? "thinking" : "starting" };
  const last = run.parts.at(-1);
  if (last?.kind === "text") return { kind: "writing" };
  return { kind: last === undefined && !run.byAgent ? "starting" : "thinking" };
}
