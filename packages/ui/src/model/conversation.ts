/** One conversation as the page knows it: what is stored, what is on its way, and what runs now. Values only. */
import type { Compaction, WireMessage } from "openclaw/client";
import type { SentFile } from "./files.ts";

/** A stored message, or the place where those before it were summarised: then `message` says only when. */
export interface Entry {
  readonly id: string;
  /** `Conversation.tick` when it was heard of. */
  readonly tick: number;
  readonly message: WireMessage;
  readonly compaction?: Compaction;
}

/** A message of the owner that the transcript does not show yet. */
export interface Outgoing {
  /** Idempotency key, and the id of the run it starts. */
  readonly key: string;
  readonly text: string;
  readonly at: number;
  /** `delivered`: the gateway has dealt with it and stores nothing (slash commands). */
  readonly state: "sending" | "accepted" | "delivered" | "failed";
  readonly problem?: string;
  readonly files?: readonly SentFile[];
  /** Newest stored message when it was sent. */
  readonly afterId: string | undefined;
}

export interface LiveTool {
  readonly runId: string;
  /** Unique in its run only: some models number their calls. */
  readonly callId: string;
  readonly name: string;
  readonly args?: unknown;
  readonly output: string;
  readonly status: "running" | "done" | "failed";
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** A piece of a running answer, in order. `afterId`: the newest stored message when it began. */
export type LivePart =
  | { readonly kind: "text" | "thinking"; readonly text: string; readonly afterId: string | undefined }
  | { readonly kind: "tool"; readonly runId: string; readonly callId: string };

export interface Ending {
  readonly state: "final" | "aborted" | "error";
  readonly problem?: string;
}

export interface LiveRun {
  readonly runId: string;
  readonly startedAt: number;
  readonly parts: readonly LivePart[];
  /** What it does besides writing: a phase of the gateway. */
  readonly phase?: string;
  /** `provider/model` that stands in for one that failed, while the phase is `fallback_step`. */
  readonly trying?: string;
  /** Sequence numbers seen: older events are stale. */
  readonly chatSeq: number;
  readonly agentSeq: number;
  /** An agent works on it; a slash command has none and leaves nothing in the transcript. */
  readonly byAgent: boolean;
  readonly ending?: Ending;
  /** `Conversation.tick` of its newest event. */
  readonly touched: number;
  readonly afterId: string | undefined;
}

export interface Conversation {
  readonly sessionKey: string;
  readonly sessionId?: string;
  /** History has been read at least once. */
  readonly loaded: boolean;
  /** In the order of the transcript, without holes. */
  readonly entries: readonly Entry[];
  /** Offset of the next older page; undefined when the beginning is loaded. */
  readonly olderOffset?: number;
  readonly outgoing: readonly Outgoing[];
  readonly runs: readonly LiveRun[];
  /** By `toolKey`. */
  readonly tools: ReadonlyMap<string, LiveTool>;
  /** Something ended that only the history tells whole. */
  readonly stale: boolean;
  /** Counts events; a history answer is older than events with a greater tick than its request. */
  readonly tick: number;
}

export function toolKey(runId: string, callId: string): string {
  return `${runId} ${callId}`;
}

export function emptyConversation(sessionKey: string): Conversation {
  return {
    sessionKey,
    loaded: false,
    entries: [],
    outgoing: [],
    runs: [],
    tools: new Map(),
    stale: false,
    tick: 0,
  };
}

export function lastId(conversation: Conversation): string | undefined {
  return conversation.entries.at(-1)?.id;
}

export function activeRuns(conversation: Conversation): readonly LiveRun[] {
  return conversation.runs.filter((run) => run.ending === undefined);
}

/** Joined text of a message's content. */
export function textIn(content: WireMessage["content"]): string {
  if (typeof content === "string") return content;
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}

export function thinkingIn(content: WireMessage["content"]): string {
  if (typeof content === "string") return "";
  return content.flatMap((part) => (part.type === "thinking" ? [part.thinking] : [])).join("\n\n");
}
