/** The door of runs: execution of turns, its events, and waiting for it. */
import { token } from "../../contracts/service.ts";
import type { TurnResult, TurnRow } from "../../store/index.ts";
import type { ToolOutcome, ToolRequest } from "./_tool-call.ts";

/** What a run does, as it does it. One append-only sequence per run, `seq` from 1. */
export interface RunEvent {
  readonly runId: string;
  readonly seq: number;
  readonly ts: number;
  readonly sessionKey: string;
  readonly agentId: string;
  readonly stream: "lifecycle" | "assistant" | "thinking" | "tool" | "item" | "usage";
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
  /** Resolves with what the turn came to; undefined when it is left to the next process. */
  execute(turn: TurnRow, signal: AbortSignal): Promise<TurnResult | undefined>;
  /** One tool call outside a run, through the same gate. Never rejects: what went wrong is in the outcome. */
  callTool(request: ToolRequest): Promise<ToolOutcome>;
}

export { CLIENT, offered } from "./_client.ts";
export type { ToolOutcome, ToolRequest } from "./_tool-call.ts";

export const Runs = token<RunsService>("runs");
