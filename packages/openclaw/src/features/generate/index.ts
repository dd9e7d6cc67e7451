/** The door of generation: pictures, videos and music made by providers. */
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Made, MakeRequest } from "./_engine/make.ts";
import type { Kind } from "./_engine/provider.ts";

export interface ProviderView {
  readonly id: string;
  readonly label: string;
  /** It could be asked now. */
  readonly configured: boolean;
  readonly defaultModel: string;
  readonly models: readonly string[];
  readonly capabilities: Readonly<Record<string, unknown>>;
}

/** A piece of work that goes on by itself. */
export interface TaskView {
  readonly taskId: string;
  readonly kind: Kind;
  readonly status: "queued" | "running" | "succeeded" | "failed";
  readonly prompt: string;
  readonly provider?: string;
  readonly model?: string;
  readonly error?: string;
  /** Paths, or addresses of what is too large to keep. */
  readonly media: readonly string[];
  /** Unix epoch milliseconds. */
  readonly createdAt: number;
}

export type Making = Omit<MakeRequest, "folder" | "name"> & {
  /** Absolute; default: the folder of what was made here. */
  readonly folder?: string;
  /** Name that the file is to have; its ending follows from what it is. */
  readonly filename?: string;
  /** The run that asks: it may do so a number of times only. */
  readonly runId?: string;
};

export interface Starting extends Omit<Making, "signal" | "runId"> {
  readonly agentId: string;
  readonly sessionKey: string;
  readonly principal: Principal;
  readonly replyTo?: ReplyRoute;
}

export interface GenerateService {
  /** Makes it and waits. Throws `GENERATE_MODEL_UNKNOWN`, `GENERATE_NONE_READY` or `GENERATE_FAILED`. */
  make(request: Making): Promise<Made>;
  /**
   * Begins work that the session is told of when it is over, also after a restart. While one of this kind is under
   * way in the session, that one. Throws as `make` does for a model that nobody has, and `GENERATE_LIMIT`.
   */
  start(request: Starting): Promise<TaskView & { readonly fresh: boolean }>;
  /** The session's work of this kind: under way, or the last that was. */
  status(sessionKey: string, kind: Kind): Promise<TaskView | undefined>;
  providers(kind: Kind, config: ConfigSnapshot, agentId?: string): Promise<readonly ProviderView[]>;
  /** At start: goes on with what a previous process left. Returns how many. */
  resume(): Promise<number>;
}

export type { Attempt, Made } from "./_engine/make.ts";
export type { MadeFile } from "./_engine/files.ts";
export type { Kind, Reference, Wishes } from "./_engine/provider.ts";
export { Generate } from "./_service-tokens.ts";
