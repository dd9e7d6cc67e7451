/**
 * History answers and the owner's own messages into the conversation, so that nothing is lost and nothing doubled,
 * whatever was missed. Every function is pure.
 */
import { emptyConversation, lastId } from "./conversation.ts";
import type { Conversation, LiveRun, Outgoing } from "./conversation.ts";
import { isCovered, isFailureStored } from "./covered.ts";
import { toEntries, withOlder, withPage } from "./entries.ts";
import { dropSent, withText } from "./live.ts";
import type { History } from "openclaw/client";

/** The newest page. `since`: the tick when it was asked for. */
export function onHistory(conversation: Conversation, history: History, since: number, now: number): Conversation {
  const page = toEntries(history, since);
  const changed =
    conversation.sessionId !== undefined &&
    history.sessionId !== undefined &&
    conversation.sessionId !== history.sessionId;
  const { olderOffset, ...base } = changed ? { ...conversation, ...forgotten(conversation, since) } : conversation;
  const { entries, whole } = withPage(base.entries, page, since);
  const next: Conversation = {
    ...base,
    ...(history.sessionId === undefined ? {} : { sessionId: history.sessionId }),
    ...(whole ? olderIn(history, history.messages.length) : keptOffset(olderOffset)),
    loaded: true,
    stale: base.stale && base.runs.some((run) => run.ending !== undefined && run.touched > since),
    entries,
  };
  return dropUnplaced(dropSent(withFailure(withRuns(next, history, since, now), history, now)));
}

/** A page further back. */
export function onOlder(conversation: Conversation, history: History, offset: number): Conversation {
  if (history.sessionId !== undefined && history.sessionId !== conversation.sessionId) return conversation;
  const page = toEntries(history, conversation.tick);
  const { olderOffset: _old, ...rest } = conversation;
  return {
    ...rest,
    ...olderIn(history, offset + history.messages.length),
    entries: withOlder(conversation.entries, page),
  };
}

export function send(
  conversation: Conversation,
  message: Pick<Outgoing, "key" | "text" | "files">,
  now: number,
): Conversation {
  const sent: Outgoing = { ...message, at: now, state: "sending", afterId: lastId(conversation) };
  return { ...conversation, outgoing: [...conversation.outgoing.filter((other) => other.key !== message.key), sent] };
}

/** What became of a message; without effect when it is stored already. */
export function mark(
  conversation: Conversation,
  key: string,
  state: Outgoing["state"],
  problem?: string,
): Conversation {
  const outgoing = conversation.outgoing.map((sent) => {
    if (sent.key !== key || (sent.state === "delivered" && state === "accepted")) return sent;
    const { problem: _old, ...rest } = sent;
    return problem === undefined ? { ...rest, state } : { ...rest, state, problem };
  });
  return { ...conversation, outgoing };
}

export function forget(conversation: Conversation, key: string): Conversation {
  return { ...conversation, outgoing: conversation.outgoing.filter((sent) => sent.key !== key) };
}

/** After a reset nothing of the old transcript remains; what came later than the request stays. */
function forgotten(conversation: Conversation, since: number): Partial<Conversation> {
  const fresh = emptyConversation(conversation.sessionKey);
  return { entries: fresh.entries, tools: fresh.tools, runs: conversation.runs.filter((run) => run.touched > since) };
}

/** Removes what is over and followed a message that is not loaded: its place lies further back. */
function dropUnplaced(conversation: Conversation): Conversation {
  const known = new Set<string | undefined>(conversation.entries.map((entry) => entry.id));
  if (conversation.olderOffset === undefined) known.add(undefined);
  return {
    ...conversation,
    outgoing: conversation.outgoing.filter((sent) => sent.state !== "delivered" || known.has(sent.afterId)),
    runs: conversation.runs.filter((run) => run.ending === undefined || known.has(run.afterId)),
  };
}

/** Where the next older page begins: what the gateway says, else `counted`. */
function olderIn(history: History, counted: number): { olderOffset?: number } {
  return history.hasMore === true && history.messages.length > 0 ? { olderOffset: history.nextOffset ?? counted } : {};
}

function keptOffset(offset: number | undefined): { olderOffset?: number } {
  return offset === undefined ? {} : { olderOffset: offset };
}

/**
 * Runs after a history answer: one that the gateway no longer runs is over and told by the history; one that it
 * runs and we did not know begins here. Runs with newer events than the request keep what those said.
 */
function withRuns(conversation: Conversation, history: History, since: number, now: number): Conversation {
  const flight = history.inFlightRun;
  const active = new Set([
    ...(history.sessionInfo?.activeRunIds ?? []),
    ...(flight === undefined ? [] : [flight.runId]),
  ]);
  const kept = conversation.runs.flatMap((run) => {
    if (run.touched > since) return [run];
    if (run.ending !== undefined) return isNote(run, conversation) ? [run] : [];
    if (!active.has(run.runId)) return [];
    const restored = run.runId === flight?.runId && flight.text ? withText(conversation, run, flight.text) : run;
    return [restored];
  });
  if (flight === undefined || kept.some((run) => run.runId === flight.runId)) return { ...conversation, runs: kept };
  const fresh: LiveRun = {
    runId: flight.runId,
    startedAt: flight.startedAt ?? now,
    parts: [],
    chatSeq: 0,
    agentSeq: 0,
    byAgent: true,
    touched: conversation.tick,
    afterId: lastId(conversation),
  };
  return { ...conversation, runs: [...kept, flight.text ? withText(conversation, fresh, flight.text) : fresh] };
}

/** The newest run failed while nobody looked, and left nothing in the transcript that says so. */
function withFailure(conversation: Conversation, { sessionInfo }: History, now: number): Conversation {
  const { lastRunId: runId, lastRunError: problem, hasActiveRun } = sessionInfo ?? {};
  if (!problem || hasActiveRun === true || conversation.runs.some((run) => run.runId === runId)) return conversation;
  const asked = conversation.entries.find(({ message }) => message.__openclaw?.runId === runId);
  if (runId === undefined || asked === undefined) return conversation;
  const run: LiveRun = {
    runId,
    startedAt: now,
    parts: [],
    chatSeq: 0,
    agentSeq: 0,
    byAgent: true,
    ending: { state: "error", problem },
    touched: conversation.tick,
    afterId: asked.id,
  };
  return isFailureStored(run, conversation.entries)
    ? conversation
    : { ...conversation, runs: [...conversation.runs, run] };
}

/** An ended run whose words no history will bring: the answer of a slash command, or a failure that was not stored. */
function isNote(run: LiveRun, conversation: Conversation): boolean {
  if (run.ending?.state === "error") return !isFailureStored(run, conversation.entries);
  return !run.byAgent && run.parts.some((part) => !isCovered(part, conversation.entries));
}
