/** Sub-agents: what was started, by whom, and whether those who wait for it were told how it ended. */
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { Usage } from "../../contracts/message.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { SessionRow } from "./sessions.ts";
import type { NewTurn } from "./turns.ts";

/** How a sub-agent ended, by the run's own outcome; never by what its model says. */
export interface SubagentOutcome {
  readonly status: "ok" | "error" | "timeout" | "aborted" | "unknown";
  /** What it came to, as people may read it; absent when there is nothing to show. */
  readonly text?: string;
  readonly error?: string;
  /** Milliseconds from its first to its last moment of work. */
  readonly runtimeMs: number;
  readonly usage: Usage;
  readonly sessionId: string;
}

/**
 * `pending`: the requester is to be told · `told`: the turn that tells it is queued · `silent`: there is nothing
 * to tell · `failed`: it could not be told.
 */
export type SubagentAnnounce = "pending" | "told" | "silent" | "failed";

export interface SubagentRun {
  /** Also the id of the child's turn. */
  readonly id: string;
  /** Session of the child. */
  readonly childKey: string;
  /** Session that started it, and the authority it had then. */
  readonly requesterKey: string;
  readonly requester: Principal;
  /** Where the requester's answer went. */
  readonly replyTo?: ReplyRoute;
  /** 1 for the child of a conversation, 2 for its child, … */
  readonly depth: number;
  readonly task: string;
  readonly label?: string;
  /** `provider/model` it began with. */
  readonly model: string;
  readonly cleanup: "keep" | "delete";
  /** What is submitted for it; a known id queues nothing twice. */
  readonly turn: NewTurn;
  /** The newest turn that was given to the child besides. */
  readonly lastTurn?: string;
  readonly createdAt: number;
  readonly state: "open" | "ended";
  readonly endedAt?: number;
  readonly outcome?: SubagentOutcome;
  readonly announce: SubagentAnnounce;
  /** Unix epoch milliseconds from which its session may be put away; absent = never. */
  readonly archiveAt?: number;
  readonly archivedAt?: number;
}

export interface SubagentFilter {
  readonly requesterKey?: string;
  readonly state?: SubagentRun["state"];
  /** Only those with something left to do: not ended, not told, or to be put away. */
  readonly unfinished?: boolean;
  readonly limit: number;
}

export interface SubagentEnd {
  readonly at: number;
  readonly outcome: SubagentOutcome;
  readonly announce: "pending" | "silent";
  readonly archiveAt?: number;
}

export interface Subagents {
  /**
   * Writes the run and its session in one step, unless `maxOpen` runs of the requester are open already (`full`).
   * A label that another session of the agent has is left out of the session's row.
   */
  add(run: SubagentRun, session: SessionRow, maxOpen: number): Promise<"added" | "known" | "full">;
  get(id: string): Promise<SubagentRun | undefined>;
  /** The run that made a session. */
  ofSession(childKey: string): Promise<SubagentRun | undefined>;
  /** Newest first. */
  list(filter: SubagentFilter): Promise<SubagentRun[]>;
  /** Ends an open run; undefined when it is not open any more: whoever comes first decides. */
  end(id: string, end: SubagentEnd): Promise<SubagentRun | undefined>;
  /** What became of telling the requester. Only a pending one changes. */
  announced(id: string, as: Exclude<SubagentAnnounce, "pending">): Promise<void>;
  /** Another turn was given to the child. */
  gave(id: string, turnId: string): Promise<void>;
  /** Moves when its session is put away, or notes that it was. */
  archive(id: string, when: { readonly at: number } | { readonly done: number }): Promise<void>;
  /** Forgets runs that ended before `before` with nothing left to do. */
  prune(before: number): Promise<number>;
}
