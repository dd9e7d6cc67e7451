/** The door of runs: execution of turns, its events, and waiting for it. */
import type { Principal } from "../../contracts/principal.ts";
import type { ContextReport } from "../agents/index.ts";
import type { SessionRow, TurnResult, TurnRow } from "../../store/index.ts";
import type { Aside } from "./_ask/aside.ts";
import type { ToolOutcome, ToolRequest } from "./_calls/tool-call.ts";

/** What a run does, as it does it. One append-only sequence per run, `seq` from 1. */
export interface RunEvent {
  readonly runId: string;
  readonly seq: number;
  readonly ts: number;
  readonly sessionKey: string;
  readonly agentId: string;
  /** `call`: a call of the caller's own tool while the model writes it; only for those who watch this run. */
  readonly stream: "lifecycle" | "assistant" | "thinking" | "tool" | "item" | "usage" | "compaction" | "call";
  readonly data: Readonly<Record<string, unknown>>;
  /** Connection that asked for it. */
  readonly connId?: string;
}

/** State of a run that has not ended, for clients that come late. */
export interface RunSnapshot {
  readonly runId: string;
  readonly sessionKey: string;
  readonly startedAt: number;
  /** Visible text of the current assistant message so far. */
  readonly text: string;
  readonly seq: number;
}

export interface RunsService {
  snapshot(sessionKey: string): RunSnapshot | undefined;
  /** Events from now on, of all runs or of one. The listener must not throw. */
  subscribe(listener: (event: RunEvent) => void, runId?: string): () => void;
  /**
   * Resolves with what the turn came to; undefined when it is left to the next process. `settled` is told it as
   * soon as the answer is on its way, should work on the conversation follow.
   */
  execute(turn: TurnRow, signal: AbortSignal, settled?: (result: TurnResult) => void): Promise<TurnResult | undefined>;
  /** One tool call outside a run, through the same gate. Never rejects: what went wrong is in the outcome. */
  callTool(request: ToolRequest): Promise<ToolOutcome>;
  /** What fills the window of a session now; the session may not exist yet. */
  contextReport(sessionKey: string, principal: Principal): Promise<ContextReport>;
  /** Asks a model about the conversation without tools and without writing anything. Throws `MODEL_FAILED`, `ASIDE_BUSY`. */
  aside(request: Aside): Promise<string>;
  /** Writes a text of the assistant into a conversation and shows it; no run, no delivery. Returns the entry's id. */
  inject(row: SessionRow, text: string): Promise<string>;
  /** Keeps the newest entries of a conversation; undefined when there are no more. */
  trim(row: SessionRow, maxEntries: number): Promise<{ readonly kept: number; readonly archived: string } | undefined>;
}

export { CLIENT, offered } from "./_begin/client.ts";
export { visibleText } from "./_reply/visible.ts";
export type { ToolOutcome, ToolRequest } from "./_calls/tool-call.ts";

export { Runs } from "./_service-tokens.ts";
