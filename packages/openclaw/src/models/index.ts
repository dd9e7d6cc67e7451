/** The door of models: what is configured, what a reference means, and how to call it. */
import { token } from "../contracts/service.ts";
import type { Dialect, Endpoint, Login, ModelEvent, ModelFailure, ModelRequest, ModelRow } from "../contracts/model.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { LoginUi } from "./auth/browser-login.ts";
import type { Flow } from "./auth/flow.ts";

export interface ListedModel {
  readonly provider: string;
  readonly row: ModelRow;
  readonly isDefault: boolean;
  readonly alias?: string;
  /** A credential resolves, or none is needed. */
  readonly available: boolean;
}

export interface ListOptions {
  /** Servers are asked what they serve: those whose last answer is old, or all. */
  readonly refresh?: "due" | "now";
  /** Only this provider is asked; one with an open list also without a credential. */
  readonly provider?: string;
  /** Whose stored logins serve; absent = those of the default agent. */
  readonly agentId?: string;
}

export interface EmbedRequest {
  readonly endpoint: Endpoint;
  readonly input: readonly string[];
  /** Length of the vectors, where the model can choose. */
  readonly dimensions?: number;
  /** What the texts are for, where the provider wants to know (`input_type`). */
  readonly inputType?: string;
  /** The same in our own words, for providers of which it is known how they want it told. */
  readonly kind?: "query" | "document";
  /** With it the next login stands in for one that fails. */
  readonly config?: ConfigSnapshot;
  readonly signal: AbortSignal;
}

export interface Embedded {
  /** One for each text, in their order. */
  readonly vectors: readonly (readonly number[])[];
  readonly tokens: number;
  /** `provider/id`. */
  readonly model: string;
}

export interface ResolveOptions {
  /** A configured provider is also asked for what it does not list, the default one for a bare id. */
  readonly anyId?: boolean;
  /** Whose stored logins serve; absent = those of the default agent. */
  readonly agentId?: string;
  /** The login that this session uses: a preference, or by a person's word the only one. */
  readonly pin?: { readonly profileId: string; readonly by: "user" | "auto" };
  /** Nothing else is left: a login that is paused may be tried now and then. */
  readonly despite?: boolean;
  /** Only the login of the pin, whatever kind it has and whether or not it is paused: for trying it out. */
  readonly probe?: boolean;
}

/** As whom a provider is called for something that is no chat: speech, pictures, embeddings, quotas. */
export interface Access {
  readonly provider: string;
  /** Empty when the provider has no address of its own. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly login?: Login;
  readonly headers: Readonly<Record<string, string>>;
  /** The operator has an entry for it under `models.providers`. */
  readonly configured: boolean;
}

/** How one login of a provider stands. Holds no secret. */
export interface LoginState {
  readonly id: string;
  readonly source: "profile" | "env" | "config";
  readonly kind: Login["kind"];
  /** `missing`: there is nothing behind the id. `unusable`: what is there cannot be sent. */
  readonly state: "ok" | "cooldown" | "disabled" | "expired" | "missing" | "unusable";
  /** Why it rests or cannot be used: class of the failure, or reason code. */
  readonly reason?: string;
  /** Of the rest. */
  readonly remainingMs?: number;
  /** The only model that rests. */
  readonly model?: string;
  /** Epoch ms. */
  readonly expires?: number;
  /** Its token is renewed by itself. */
  readonly renewable?: true;
  /** Would be taken now. */
  readonly next: boolean;
  /** First and last characters of the secret. */
  readonly masked?: string;
}

export interface KeptLogin {
  readonly agentId?: string;
  readonly id: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

export interface Connect {
  readonly provider: string;
  readonly agentId?: string;
  readonly method?: "browser" | "device";
  /** Default: the provider and the address of mail, or what is usual there. */
  readonly profileId?: string;
}

/** The logins of one provider, in order. */
export interface ProviderLogins {
  readonly provider: string;
  readonly label: string;
  /** `static`: keys, or none is needed; `expiring`: within a day, and nothing renews it. */
  readonly status: "ok" | "expiring" | "expired" | "missing" | "static";
  readonly logins: readonly LoginState[];
}

export interface ModelsService {
  /**
   * What a reference (`provider/id`, alias, bare id) means under this configuration, credential included.
   * Throws `UNKNOWN_MODEL`, `MODEL_KEY_MISSING` or `MODEL_NOT_ALLOWED`, and `PROFILE_MISSING` or
   * `PROFILES_UNAVAILABLE` where stored logins decide. The login is the best one at this moment.
   */
  resolve(ref: string, config: ConfigSnapshot, options?: ResolveOptions): Promise<Endpoint>;
  /**
   * A call with this endpoint failed: the failure is remembered (cooldown, disabled), and the same model with the next
   * login is returned; undefined when there is none, or when another login cannot help. Never throws.
   */
  after(endpoint: Endpoint, failure: ModelFailure, config: ConfigSnapshot): Promise<Endpoint | undefined>;
  /** A call with this endpoint worked: its login is in good standing again. Never throws, nobody waits for it. */
  worked(endpoint: Endpoint): void;
  /** Throws `UNKNOWN_PROVIDER` or `MODEL_KEY_MISSING`. */
  access(provider: string, config: ConfigSnapshot, options?: Omit<ResolveOptions, "anyId">): Promise<Access>;
  /** Absolute path of an agent's `auth-profiles.json`. */
  loginStore(config: ConfigSnapshot, agentId?: string): string;
  /** The logins of a provider in the order in which they are tried; empty for a provider that nobody knows. */
  logins(
    provider: string,
    config: ConfigSnapshot,
    options?: Omit<ResolveOptions, "anyId"> & { readonly model?: string },
  ): Promise<readonly LoginState[]>;
  /** The providers that somebody has connected or configured. `also`: those that are needed. */
  loginReport(
    config: ConfigSnapshot,
    options?: { agentId?: string; also?: readonly string[] },
  ): Promise<readonly ProviderLogins[]>;
  /** Puts a login (an entry of `auth-profiles.json`) into an agent's store; pauses of the one before are forgotten. */
  keepLogin(config: ConfigSnapshot, given: KeptLogin): Promise<void>;
  /** The agent's own order; undefined without one. `ids` sets it, null clears it. */
  loginOrder(
    config: ConfigSnapshot,
    asked: { readonly provider: string; readonly agentId?: string; readonly ids?: readonly string[] | null },
  ): Promise<readonly string[] | undefined>;
  /** Logs a person in and keeps the login; its id. Throws `LOGIN_UNKNOWN`, `LOGIN_REFUSED`, `LOGIN_ENDED`, `LOGIN_CLIENT_MISSING`. */
  connect(config: ConfigSnapshot, asked: Connect, ui: LoginUi): Promise<string>;
  /** Canonical `provider/id` of a reference without needing a credential. Throws `UNKNOWN_MODEL`. */
  canonical(ref: string, config: ConfigSnapshot): string;
  /** The reference used when nothing else is said: agent, then defaults, then the offline model. */
  defaultRef(config: ConfigSnapshot, agentModel?: string): string;
  /** Network only with `refresh`, and then for 5 s at most. */
  list(config: ConfigSnapshot, view: "configured" | "all", options?: ListOptions): Promise<readonly ListedModel[]>;
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
    /** Whose stored logins serve; absent = those of the default agent. */
    readonly agentId?: string;
    /** Only what is asked is wanted, not as whom: logins that rest do not matter, and there may be no key in the answer. */
    readonly resting?: true;
  }): Promise<Endpoint>;
  /**
   * Throws `EMBEDDINGS_UNSUPPORTED`, `EMBEDDINGS_LIMITED` (a limit; `retryAfterMs` where it was told), `EMBEDDINGS_DENIED`
   * (the key), `EMBEDDINGS_REFUSED` (the request: fewer or shorter texts may do) or `EMBEDDINGS_FAILED` (may pass).
   */
  embed(request: EmbedRequest): Promise<Embedded>;
}

export { Models, Vendors } from "./_service-tokens.ts";

/** Dialects by id; the code of each is loaded on first use. Filled by the composition root. */
export const Dialects = token<Readonly<Record<string, () => Promise<Dialect>>>>("dialects");

/** Ways to log in at companies. */
export const LoginFlows = token<readonly Flow[]>("login-flows");

export type { LoginUi } from "./auth/browser-login.ts";
export { keyText } from "./auth/secret-text.ts";
export { agentIds, defaultAgentId } from "./auth/place.ts";
export { answerOf } from "./_answer.ts";
export type { Answer } from "./_answer.ts";
export { Chain } from "./_chain.ts";
export type { Candidate, Found, Tried, Wait } from "./_chain.ts";
export { asksForLessWindow, attemptsText, reasonText, soonest } from "./_failover.ts";
export type { Attempt } from "./_failover.ts";
export { listModels } from "./_list.ts";
export { agentModel } from "./_source.ts";
export { usedWindow } from "./_window.ts";
export { thinkingAfter, thinkingDefault, thinkingFor, thinkingLevels } from "./_thinking-levels.ts";
export type { WantedThinking } from "./_thinking-levels.ts";
export { modelServedAt } from "./_probe.ts";
export { detectModel, firstModel } from "./detect.ts";
export type { Detected } from "./detect.ts";
export { modelsSection } from "./config.ts";
