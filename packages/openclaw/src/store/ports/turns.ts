/** What agents were asked, and what came of it. */
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { Message, Usage } from "../../contracts/message.ts";
import type { FailureClass, Sampling, ToolChoice, ToolSchema } from "../../contracts/model.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { NewPost } from "./outbox.ts";
import type { SessionPatch, SessionRow } from "./sessions.ts";

export type TurnState = "queued" | "running" | "done" | "failed" | "aborted";

export interface TurnRow {
  /** Also the run id on the wire; for `chat.send` the caller's idempotency key. */
  readonly id: string;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly principal: Principal;
  /** What the model is told, as the person wrote it. */
  readonly text: string;
  /** Pictures that came with it. */
  readonly images?: readonly { readonly data: string; readonly mimeType: string }[];
  /** Where the answer goes; absent = nowhere but the transcript. */
  readonly replyTo?: ReplyRoute;
  readonly options: TurnOptions;
  readonly state: TurnState;
  /** How often execution began; more than one means a restart came in between. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** How it ended, for `agent.wait` and repeated keys. */
  readonly result?: TurnResult;
}

/** `nested`: runs that another run waits for. */
export type RunLane = "main" | "subagent" | "cron" | "nested";

/** What becomes of a message that arrives while its session is busy. `queue` is the older name of `steer`. */
export type QueueMode = "steer" | "followup" | "collect" | "steer-backlog" | "interrupt" | "queue";

export interface TurnOptions {
  readonly thinking?: string;
  readonly model?: string;
  /** `model` may be an id that its provider does not list. */
  readonly anyModel?: boolean;
  readonly timeoutMs?: number;
  readonly deliver?: boolean;
  readonly extraSystemPrompt?: string;
  /** Connection that asked and wants tool events. */
  readonly connId?: string;
  /** Digest of everything the caller sent, to tell a repeat from a conflict. */
  readonly fingerprint?: string;
  /**
   * The conversation as the caller holds it, up to `text`; where `text` is empty it ends with results of the
   * caller's tools. What the transcript knows of it is not written again.
   */
  readonly conversation?: readonly Message[];
  /** Tools that the caller runs: a call of one of them ends the run. */
  readonly clientTools?: readonly ToolSchema[];
  readonly toolChoice?: ToolChoice;
  readonly sampling?: Sampling;
  /** How long the run may wait, in all, to ask a model again that failed; 0 = not at all. */
  readonly patienceMs?: number;
  /** Which cap the run counts against, besides its session; default `main`. */
  readonly lane?: RunLane;
  /**
   * How the message behaves while a run is under way in its session; absent = as configured. A row that had to wait
   * has the mode by which it waits.
   */
  readonly queue?: QueueMode;
  /** A run of its own whatever the mode: whoever asked waits for this answer. It is never taken together with others. */
  readonly apart?: true;
  /** Fields of the session's entry that hold for this turn only: directives in its message. */
  readonly preferences?: Readonly<Record<string, unknown>>;
  /** `minimal`: a helper's prompt, with the rules and the notes only; default `full`. */
  readonly promptMode?: "full" | "minimal";
  /** Nothing of the turn is delivered or shown as an answer: the flush of notes before a compaction. */
  readonly silent?: boolean;
  /** Session that wrote this, for the note that the model reads with it (`inter_session`). */
  readonly from?: { readonly sessionKey: string; readonly channel?: string; readonly tool: string };
  /** Of a message from a chat network: network and sender as the model is told them, and when it was written. */
  readonly envelope?: { readonly label: string; readonly at: number };
  /** It was spoken: a voice note came with it. */
  readonly heard?: true;
  /** Nobody wrote: the turn tells the session what waits in its system events. Why it was started. */
  readonly wake?: string;
}

export interface TurnResult {
  readonly status: "ok" | "error" | "aborted" | "timeout";
  readonly stopReason: string;
  /** Visible reply texts, in order. */
  readonly texts: readonly string[];
  /** Calls of the caller's own tools, with which the run ended. */
  readonly calls?: readonly ClientCall[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    /** HTTP status of the fault; absent for mistakes of ours. */
    readonly status?: number;
    /** What the model's side said, when it was that. */
    readonly failure?: { readonly class: FailureClass; readonly status?: number; readonly retryAfterMs?: number };
  };
  readonly usage: Usage;
  readonly provider?: string;
  readonly model?: string;
  /** The run that took the message along (merged, or told while it was under way): what came of it stands there. */
  readonly mergedInto?: string;
  readonly sessionId: string;
  readonly durationMs: number;
  /** What was written, for the books: answers of the model, and calls of each tool. */
  readonly counts?: { readonly assistant: number; readonly tools: Readonly<Record<string, number>> };
}

export interface ClientCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: JSON, as a rule. */
  readonly arguments: string;
}

export type NewTurn = Pick<
  TurnRow,
  "id" | "agentId" | "sessionKey" | "principal" | "text" | "images" | "replyTo" | "options" | "createdAt"
>;

export interface Turns {
  /**
   * Queues a turn and settles the inbox rows it came from, in one step.
   * A known id queues nothing and returns what is known. With `startedAt` the turn begins in the same step.
   */
  submit(turn: NewTurn, inboxIds: readonly string[], startedAt?: number): Promise<{ created: boolean; turn: TurnRow }>;
  get(id: string): Promise<TurnRow | undefined>;
  /** Queued and running turns of one session or all, oldest first. */
  open(sessionKey?: string): Promise<TurnRow[]>;
  /** Marks the turn as running and counts the attempt. Undefined when it is not open any more. */
  begin(id: string, at: number): Promise<TurnRow | undefined>;
  /**
   * Takes queued turns together: `id` begins with `text` and `images` in place of its own, and those it `takes` are
   * done with `result`, in one step. Undefined, and nothing happens, when `id` is not open any more.
   */
  merge(
    id: string,
    how: {
      readonly at: number;
      readonly text: string;
      readonly images: NonNullable<TurnRow["images"]>;
      readonly takes: readonly string[];
      readonly result: TurnResult;
    },
  ): Promise<TurnRow | undefined>;
  /** Ends open turns that never run by themselves, in one step. Returns the ids that ended with it, in their order. */
  settle(
    ids: readonly string[],
    end: { readonly state: "done" | "aborted"; readonly at: number; readonly result: TurnResult },
  ): Promise<string[]>;
  /** Gives queued turns another way of waiting. */
  requeue(ids: readonly string[], mode: QueueMode): Promise<void>;
  /**
   * Ends it: state, result, outbox rows, the session's accounting and the usage books, in one step. Pictures and
   * what the caller brought along are forgotten: the transcript has them. Returns the session's row as `session`
   * left it; undefined where there was nothing to end, or nothing to change.
   */
  finish(
    id: string,
    end: {
      readonly state: "done" | "failed" | "aborted";
      readonly at: number;
      readonly result: TurnResult;
      readonly posts: readonly NewPost[];
      readonly session?: SessionPatch;
    },
  ): Promise<SessionRow | undefined>;
  /**
   * Removes ended turns older than `before`, at most `limit`; keeps their ids for 10 minutes at least.
   * Messages that are done and posts that are sent go with the same age, at most `limit` of each; dead ones stay.
   */
  prune(before: number, limit: number): Promise<number>;
}
