/** The door of sessions: keys, rows, lanes. */
import type { Principal } from "../../contracts/principal.ts";
import type { Address } from "../../contracts/envelope.ts";
import type {
  NewTurn,
  SessionEntry,
  SessionFilter,
  SessionPatch,
  SessionRow,
  TurnResult,
  TurnRow,
} from "../../store/index.ts";
import type { QueueSettings } from "./_queue/settings.ts";
import type { StatusQuestion } from "./_commands/status.ts";
import type { SessionDefaults } from "./_list/view.ts";

export { canonicalKey, keyForAddress, mainKey, parseKey } from "./_keys.ts";
export { maintain } from "./_maintenance/maintain.ts";
export type { MaintenanceReport } from "./_maintenance/maintain.ts";
export { maintenancePolicy } from "./_maintenance/policy.ts";
export { maySend } from "./_send-policy.ts";
export { sessionSection } from "./config.ts";
export { StopRequest } from "./lane.ts";
export type { StatusQuestion } from "./_commands/status.ts";
export { stopSession } from "./_stop.ts";
export type { Stopped } from "./_stop.ts";
export { preferencesOf } from "./_entry.ts";
export { pinOf, served } from "./_pin.ts";
export { contentLabels, labelsOfTurn, withLabels } from "./_labels.ts";
export { OneOffSessions } from "./_one-offs.ts";
export type { SessionDefaults } from "./_list/view.ts";
export { keyOf } from "./_methods-params.ts";
export { preferences, resolved } from "./_change/patch.ts";
export { resolve as resolveSession } from "./_list/resolve.ts";
export { envelopeHeader, senderLabel, zoneOf } from "./_envelope.ts";
export { isTold, mayHear, systemLines } from "./_system-events.ts";
export type { DropPolicy, QueueSettings } from "./_queue/settings.ts";
export type { DmScope, KeyRules, ParsedKey } from "./_keys.ts";

/** The card of `/status` as Markdown, for whoever shows it. */
export async function statusCard(question: StatusQuestion): Promise<string> {
  return (await import("./_commands/status.ts")).statusCard(question);
}

export interface SessionsService {
  get(key: string): Promise<SessionRow | undefined>;
  /** The row of a key, made when missing, with a fresh id when its reset policy says so. */
  ensure(key: string, hints?: { readonly address?: Address; readonly label?: string }): Promise<SessionRow>;
  patch(key: string, patch: SessionPatch): Promise<SessionRow | undefined>;
  /** Newest first; 100 unless told. `activeMinutes` stands for `activeSince`. */
  list(
    filter: Partial<Omit<SessionFilter, "activeSince">> & { readonly activeMinutes?: number },
  ): Promise<{ rows: SessionRow[]; total: number }>;
  /** The row as clients see it: the documented `Row` of the gateway protocol. */
  view(row: SessionRow): Promise<Record<string, unknown>>;
  /** The same for several, with the sessions that each has started (`childSessions`). */
  views(rows: readonly SessionRow[]): Promise<Record<string, unknown>[]>;
  /** The same as clients were last told, while a run is under way in it. */
  shown(key: string): Readonly<Record<string, unknown>> | undefined;
  /** What a session of this agent uses when nothing else is chosen. */
  defaults(agentId: string): Promise<SessionDefaults>;
  /** Thinking levels of a model (`provider/id`); undefined for one that is not listed. */
  levels(ref: string): Promise<readonly string[] | undefined>;
  /** New session id under the same key; preferences stay, counters go, the old transcript is archived. */
  reset(key: string, reason: "new" | "reset"): Promise<SessionRow>;
  /** Removes row and transcript (archived). The main session is refused. */
  delete(
    key: string,
    options: { readonly deleteTranscript: boolean },
  ): Promise<{ deleted: boolean; archived: string[] }>;
  /**
   * Tells clients that a row changed. `agent.run.started` with the run's id and `agent.run.ended` are told
   * as the protocol names them, with the phases of the run.
   */
  changed(row: SessionRow, reason: string, activeRunId?: string): void;
}

/**
 * Runs a turn to its end. What it resolves with is told to those who wait, even where the row could not be written.
 * Work that follows the answer (compaction) calls `settled` first: who waits is told then, the lane stays taken.
 */
export type Execute = (
  turn: TurnRow,
  signal: AbortSignal,
  settled: (result: TurnResult) => void,
) => Promise<TurnResult | undefined | void>;

export interface LaneStop {
  /** Runs that were stopped and turns that were dropped. */
  readonly runs: readonly string[];
  /** The run that was under way. */
  readonly active: string | undefined;
  /** Turns that waited. */
  readonly queued: number;
  /** Helpers that were stopped. */
  readonly children: number;
}

/** A run that holds its session's lane. */
export interface UnderWay {
  readonly sessionKey: string;
  readonly runId: string;
  /** It is executed; else only its row is written or waited for. */
  readonly working: boolean;
  /** When `working` last changed. */
  readonly since: number;
  /** Turns behind it. */
  readonly waiting: number;
}

/** Returns how many helpers it stopped. */
export type StopListener = (stop: {
  readonly sessionKey: string;
  readonly by: Principal;
  readonly reason: string;
}) => Promise<number | void> | number | void;

/** One serial queue per session, made of rows: a restart resumes it. */
export interface LanesService {
  /** Queues a turn and starts it as soon as its session and the global cap allow. */
  submit(turn: NewTurn, inboxIds: readonly string[]): Promise<{ created: boolean; turn: TurnRow }>;
  /**
   * Stops what runs in a session and drops what waits, with the helpers it started; or one run only. Every turn
   * gets an outcome.
   */
  stop(
    what: { readonly sessionKey: string; readonly runId?: string },
    by: Principal,
    reason: string,
  ): Promise<LaneStop>;
  /** The same; returns the ids stopped. */
  abort(
    what: { readonly sessionKey: string; readonly runId?: string },
    by: Principal,
    reason: string,
  ): Promise<string[]>;
  /** Called when a whole session is stopped: stops the helpers that it started, and theirs. Returns how to take it back. */
  onStop(listener: StopListener): () => void;
  /** The turn that runs in a session now. */
  active(sessionKey: string): string | undefined;
  /**
   * Resolves when the turn has ended, or undefined after `timeoutMs`. A message that became part of another run ends
   * with that run, and its outcome.
   */
  wait(turnId: string, timeoutMs: number, signal?: AbortSignal): Promise<TurnRow | undefined>;
  /** Messages for the run under way (queue modes `steer` and `steer-backlog`), oldest first. Asked at each boundary. */
  steering(sessionKey: string): Promise<readonly TurnRow[]>;
  /** They stand in the transcript of that run: their turns end with it, or wait on where the mode keeps them. */
  steered(ids: readonly string[], runId: string): Promise<void>;
  /** Registers who executes turns (once, by the runs feature). */
  executor(execute: Execute): void;
  /** Resumes what a previous process left open. */
  resume(): Promise<number>;
  counts(): { running: number; queued: number };
  /** Every run that holds a lane. */
  underWay(): readonly UnderWay[];
  /** Gives the lane of a run that nobody executes to the next turn. False, and nothing happens, while somebody does. */
  release(sessionKey: string, runId: string): boolean;
  /** Turns that wait in a session. */
  depth(sessionKey: string): number;
  /** How messages wait in a session: what it says itself, else its channel, else the configuration. */
  queueSettings(sessionKey: string, channel?: string): Promise<QueueSettings>;
  /**
   * From now on no turn begins: what comes waits for the next process. Resolves when none is under way any
   * more, with false when that takes longer than `timeoutMs` (0 waits without end) or the signal aborts.
   */
  drain(timeoutMs: number, signal: AbortSignal): Promise<boolean>;
}

/** Something that happened, which the session's next turn is told: a hook, a wake-up, a repaired configuration. */
export interface SystemEvent {
  /** Canonical. */
  readonly sessionKey: string;
  /** One paragraph of plain text; line breaks become spaces. */
  readonly text: string;
  /** Whoever caused it: the turn that is told acts with no more authority than this. */
  readonly by: Principal;
}

/** Durable lines waiting for the next turn of their session, in order. At most 20 a session: the oldest goes. */
export interface SystemEventsService {
  /** `coalesced` when the last one waiting has the same text. Throws `SYSTEM_EVENT_EMPTY`. */
  enqueue(event: SystemEvent): Promise<"queued" | "coalesced">;
  waiting(sessionKey?: string): Promise<readonly (SystemEvent & { readonly id: string; readonly at: number })[]>;
  /** Called by the run that has written them into its transcript. */
  told(ids: readonly string[]): Promise<void>;
}

export { Lanes, Sessions, SystemEvents } from "./_service-tokens.ts";
export type { SessionEntry, SessionRow };
