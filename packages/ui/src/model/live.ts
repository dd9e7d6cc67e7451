/** Events of a run into the conversation. Every function is pure. */
import { lastId, textIn, toolKey } from "./conversation.ts";
import type { Conversation, Ending, LivePart, LiveRun, LiveTool } from "./conversation.ts";
import { isCovered } from "./covered.ts";
import { toEntry, withNewest } from "./entries.ts";
import { toolAfter } from "./tools.ts";
import type { AgentEvent, ChatEvent, SessionMessageEvent } from "openclaw/client";

export function onChat(conversation: Conversation, event: ChatEvent, now: number): Conversation {
  const before = runOf(conversation, event.runId, now);
  if (event.seq < before.chatSeq || before.ending !== undefined) return conversation;
  const tick = conversation.tick + 1;
  const run: LiveRun = { ...before, chatSeq: event.seq, touched: tick };
  if (event.state === "status") return keep(conversation, { ...run, ...phaseOf(event.phase) });
  if (event.state === "delta") return keep(conversation, writing(withText(conversation, run, deltaText(run, event))));
  return keep(settleOutgoing(conversation, event), ended(conversation, run, event), true);
}

export function onAgent(conversation: Conversation, event: AgentEvent, now: number): Conversation {
  // Also said of runs that are over; `session.operation` tells the same.
  if (event.stream === "compaction") return conversation;
  const before = runOf(conversation, event.runId, now);
  if (event.seq < before.agentSeq || before.ending !== undefined) return conversation;
  const run: LiveRun = { ...before, agentSeq: event.seq, byAgent: true, touched: conversation.tick + 1 };
  const { data } = event;
  if (event.stream === "thinking" && typeof data["text"] === "string") {
    return keep(conversation, withThinking(conversation, run, data["text"]));
  }
  if (event.stream === "tool" || event.stream === "item") return withTool(conversation, run, event);
  if (event.stream === "lifecycle" || event.stream === "run_status")
    return keep(conversation, { ...run, ...phaseOf(data["phase"]), ...tryingIn(data) });
  return keep(conversation, run);
}

/** A message was stored. */
export function onStored(conversation: Conversation, event: SessionMessageEvent): Conversation {
  const tick = conversation.tick + 1;
  const entry = toEntry(event.message, tick, event.messageId);
  return dropSent({ ...conversation, tick, entries: withNewest(conversation.entries, entry) });
}

/** Removes what was on its way and is stored now. */
export function dropSent(conversation: Conversation): Conversation {
  if (conversation.outgoing.length === 0) return conversation;
  const stored = new Set(conversation.entries.flatMap((entry) => entry.message.idempotencyKey ?? []));
  const outgoing = conversation.outgoing.filter((sent) => !stored.has(`${sent.key}:user`) && !stored.has(sent.key));
  return outgoing.length === conversation.outgoing.length ? conversation : { ...conversation, outgoing };
}

/** The run with this id, or a new one. */
export function runOf(conversation: Conversation, runId: string, now: number): LiveRun {
  const known = conversation.runs.find((run) => run.runId === runId);
  if (known !== undefined) return known;
  return {
    runId,
    startedAt: now,
    parts: [],
    chatSeq: 0,
    agentSeq: 0,
    byAgent: false,
    touched: conversation.tick,
    afterId: lastId(conversation),
  };
}

/** The conversation with `run` in its place, one event later. */
export function keep(conversation: Conversation, run: LiveRun, stale = conversation.stale): Conversation {
  const at = conversation.runs.findIndex((other) => other.runId === run.runId);
  const runs = at < 0 ? [...conversation.runs, run] : conversation.runs.with(at, run);
  return { ...conversation, runs, stale, tick: conversation.tick + 1 };
}

/**
 * The answer's text so far. It continues the newest text part, unless that one is stored already (then a new
 * message began) or a tool stands between and the text is not its continuation.
 */
export function withText(conversation: Conversation, run: LiveRun, text: string): LiveRun {
  const at = run.parts.findLastIndex((part) => part.kind === "text");
  const part = run.parts[at];
  if (part?.kind === "text") {
    const continues = text.startsWith(part.text) || part.text.startsWith(text);
    const open = at === run.parts.length - 1 && !isCovered(part, conversation.entries);
    if (open || continues) return { ...run, parts: run.parts.with(at, { ...part, text }) };
  }
  return { ...run, parts: [...run.parts, { kind: "text", text, afterId: beganAfter(conversation, run, text) }] };
}

/**
 * Text that is flushed late can arrive after its own message. Where that message was not streamed here
 * (the connection was away), the text is taken for it as long as the two agree.
 */
function beganAfter(conversation: Conversation, run: LiveRun, text: string): string | undefined {
  const { entries } = conversation;
  const last = entries.at(-1);
  const mayBeLast = last !== undefined && isCovered({ kind: "text", text, afterId: undefined }, [last]);
  if (!mayBeLast || run.parts.some((part) => part.kind === "text" && isCovered(part, entries.slice(-1))))
    return last?.id;
  return entries.at(-2)?.id;
}

function withThinking(conversation: Conversation, run: LiveRun, text: string): LiveRun {
  const last = run.parts.at(-1);
  const { phase: _phase, ...rest } = run;
  if (last?.kind === "thinking") return { ...rest, parts: run.parts.with(-1, { ...last, text }) };
  return { ...rest, parts: [...run.parts, { kind: "thinking", text, afterId: lastId(conversation) }] };
}

function withTool(conversation: Conversation, run: LiveRun, event: AgentEvent): Conversation {
  const callId = callIdOf(event);
  if (callId === undefined) return keep(conversation, run);
  const tools = new Map<string, LiveTool>(conversation.tools);
  const key = toolKey(run.runId, callId);
  tools.set(key, toolAfter(tools.get(key), callId, event));
  const known = run.parts.some((part) => part.kind === "tool" && part.callId === callId);
  const parts: readonly LivePart[] = known ? run.parts : [...run.parts, { kind: "tool", runId: run.runId, callId }];
  return keep({ ...conversation, tools }, { ...run, parts });
}

function callIdOf(event: AgentEvent): string | undefined {
  const { toolCallId, itemId } = event.data;
  if (typeof toolCallId === "string") return toolCallId;
  return typeof itemId === "string" && itemId.startsWith("tool:") ? itemId.slice(5) : undefined;
}

function deltaText(run: LiveRun, event: ChatEvent): string {
  if (event.message !== undefined) return textIn(event.message.content);
  const part = run.parts.at(-1);
  const before = event.replace === true || part?.kind !== "text" ? "" : part.text;
  return before + (event.deltaText ?? "");
}

function writing(run: LiveRun): LiveRun {
  const { phase: _phase, ...rest } = run;
  return rest;
}

/** Phases at the end of a run say nothing that the owner waits for. */
const CLOSING = ["finishing", "end"];

function phaseOf(phase: unknown): { phase?: string } {
  return typeof phase === "string" && !CLOSING.includes(phase) ? { phase } : {};
}

function tryingIn({ phase, provider, model }: AgentEvent["data"]): { trying?: string } {
  const named = typeof provider === "string" && typeof model === "string";
  return phase === "fallback_step" && named ? { trying: `${provider}/${model}` } : {};
}

function ended(conversation: Conversation, run: LiveRun, event: ChatEvent): LiveRun {
  const state: Ending["state"] = event.state === "aborted" || event.state === "error" ? event.state : "final";
  const whole = event.message === undefined ? run : withText(conversation, run, textIn(event.message.content));
  const ending: Ending = { state, ...(event.errorMessage === undefined ? {} : { problem: event.errorMessage }) };
  return { ...writing(whole), ending };
}

/** A run that has ended has certainly taken its message. One that became part of another message stands in that. */
function settleOutgoing(conversation: Conversation, event: ChatEvent): Conversation {
  if (event.stopReason === "merged")
    return { ...conversation, outgoing: conversation.outgoing.filter((sent) => sent.key !== event.runId) };
  const outgoing = conversation.outgoing.map((sent) =>
    sent.key === event.runId && sent.state !== "failed" ? { ...sent, state: "delivered" as const } : sent,
  );
  return { ...conversation, outgoing };
}
