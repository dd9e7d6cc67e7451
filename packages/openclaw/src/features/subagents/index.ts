/** The door of sub-agents: sessions that an agent starts for one task, and that report when it is done. */
import { token } from "../../contracts/service.ts";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { SubagentRun } from "../../store/index.ts";

/** Whoever asks for a sub-agent, and with what authority. */
export interface Requester {
  readonly sessionKey: string;
  readonly agentId: string;
  readonly principal: Principal;
  /** Where its answer goes; the report follows it there. */
  readonly replyTo?: ReplyRoute;
  /** `provider/model` in use; empty = that of the agent. */
  readonly model: string;
}

export interface Attached {
  readonly name: string;
  readonly content: string;
  readonly encoding?: "utf8" | "base64";
  readonly mimeType?: string;
}

export interface SpawnRequest {
  readonly task: string;
  readonly label?: string;
  readonly agentId?: string;
  readonly model?: string;
  readonly thinking?: string;
  /** Seconds; 0 = no limit. */
  readonly runTimeoutSeconds?: number;
  readonly cleanup?: "keep" | "delete";
  readonly context?: "isolated" | "fork";
  readonly sandbox?: "inherit" | "require";
  readonly cwd?: string;
  readonly attachments?: readonly Attached[];
  readonly runtime?: "subagent" | "acp";
  readonly mode?: "run" | "session";
  readonly thread?: boolean;
}

export type SpawnAnswer =
  | {
      readonly status: "accepted";
      readonly runId: string;
      readonly childSessionKey: string;
      readonly warning?: string;
    }
  | { readonly status: "forbidden" | "error"; readonly error: string };

export interface SubagentsService {
  /** Starts a sub-agent and returns at once. Refusals are answers. */
  spawn(request: SpawnRequest, by: Requester): Promise<SpawnAnswer>;
  /** Those that a session started, newest first. */
  list(requesterKey: string): Promise<readonly SubagentRun[]>;
  /** Whether work of its own is still under way. */
  active(run: SubagentRun): boolean;
  /** Stops everything that a session started, at any depth. Returns how many were stopped; nothing of them is reported. */
  stopOf(requesterKey: string, by: Principal, reason: string): Promise<number>;
  /** Stops one with everything that it started. */
  kill(run: SubagentRun, by: Principal, reason: string): Promise<number>;
  /** Gives one another message: while it works, as part of what it does. Returns the id of the turn. */
  tell(run: SubagentRun, text: string, by: Principal, how: "steer" | "send"): Promise<string>;
  /** Called when one has ended, however it did; may be called more than once. Returns how to take it back. */
  onEnded(listener: (run: SubagentRun) => void): () => void;
  /** At start: goes on with what a previous process left. Returns how many. */
  resume(): Promise<number>;
}

export const Subagents = token<SubagentsService>("subagents");
