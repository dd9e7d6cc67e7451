/** The door of models: what is configured, what a reference means, and how to call it. */
import { token } from "../contracts/service.ts";
import type { Dialect, Endpoint, ModelEvent, ModelRequest, ModelRow, Vendor } from "../contracts/model.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";

export interface ListedModel {
  readonly provider: string;
  readonly row: ModelRow;
  readonly isDefault: boolean;
  readonly alias?: string;
  /** A credential resolves, or none is needed. */
  readonly available: boolean;
}

export interface EmbedRequest {
  readonly endpoint: Endpoint;
  readonly input: readonly string[];
  /** Length of the vectors, where the model can choose. */
  readonly dimensions?: number;
  /** What the texts are for, where the provider wants to know (`input_type`). */
  readonly inputType?: string;
  readonly signal: AbortSignal;
}

export interface Embedded {
  /** One for each text, in their order. */
  readonly vectors: readonly (readonly number[])[];
  readonly tokens: number;
  /** `provider/id`. */
  readonly model: string;
}

export interface ModelsService {
  /**
   * What a reference (`provider/id`, alias, bare id) means under this configuration, credential included.
   * Throws `UNKNOWN_MODEL`, `MODEL_KEY_MISSING` or `MODEL_NOT_ALLOWED`. With `anyId` a configured provider is
   * also asked for what it does not list, the default one for a bare id.
   */
  resolve(ref: string, config: ConfigSnapshot, options?: { readonly anyId?: boolean }): Promise<Endpoint>;
  /** Canonical `provider/id` of a reference without needing a credential. Throws `UNKNOWN_MODEL`. */
  canonical(ref: string, config: ConfigSnapshot): string;
  /** The reference used when nothing else is said: agent, then defaults, then the offline model. */
  defaultRef(config: ConfigSnapshot, agentModel?: string): string;
  list(config: ConfigSnapshot, view: "configured" | "all"): Promise<readonly ListedModel[]>;
  /** Streams one call over the endpoint's dialect. Never throws. */
  stream(request: ModelRequest): AsyncIterable<ModelEvent>;
  /**
   * How a provider is asked for embeddings, by a model that nobody needs to have listed or allowed. Throws
   * `UNKNOWN_MODEL` for a provider that nobody knows, and `MODEL_KEY_MISSING` unless a key is given.
   */
  embedder(asked: {
    readonly provider: string;
    readonly model: string;
    readonly config: ConfigSnapshot;
    readonly apiKey?: string;
  }): Promise<Endpoint>;
  /** Throws `EMBEDDINGS_UNSUPPORTED`, `EMBEDDINGS_LIMITED` or `EMBEDDINGS_FAILED`. */
  embed(request: EmbedRequest): Promise<Embedded>;
}

export { Models } from "./_service-tokens.ts";

/** Dialects by id; the code of each is loaded on first use. Filled by the composition root. */
export const Dialects = token<Readonly<Record<string, () => Promise<Dialect>>>>("dialects");

/** Every company and server that is known by itself. Filled by the composition root. */
export const Vendors = token<readonly Vendor[]>("vendors");

export { answerOf } from "./_answer.ts";
export type { Answer } from "./_answer.ts";
export { listModels } from "./_list.ts";
export { agentModel } from "./_source.ts";
export { thinkingAfter, thinkingDefault, thinkingFor, thinkingLevels } from "./_thinking-levels.ts";
export type { WantedThinking } from "./_thinking-levels.ts";
export { detectModel } from "./detect.ts";
export type { Detected } from "./detect.ts";
export { modelsSection } from "./config.ts";
