/**
 * Models. A dialect turns a request into a stream of events over one wire protocol. It never
 * throws: a failure is the last event, as data.
 */
import type { Clock } from "../base/time.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Env } from "../base/env.ts";
import type { Log } from "../base/log.ts";
import type { Spawn } from "../base/spawn.ts";
import type { CliBackend } from "./cli-backend.ts";
import type { AssistantMessage, Message, StopReason, Usage } from "./message.ts";
import type { TSchema } from "./schema.ts";

export type ThinkingLevel = "off" | "minimal" | "low" | "medium" | "high" | "xhigh";
export type CacheRetention = "none" | "short" | "long";

/** Peculiarities of servers that speak a dialect with an accent. All optional; absent = the dialect's default. */
export interface Compat {
  readonly supportsStore?: boolean;
  readonly supportsPromptCacheKey?: boolean;
  readonly supportsLongCacheRetention?: boolean;
  readonly supportsDeveloperRole?: boolean;
  readonly supportsReasoningEffort?: boolean;
  readonly supportedReasoningEfforts?: readonly string[];
  readonly reasoningEffortMap?: Readonly<Record<string, string>>;
  readonly supportsTemperature?: boolean;
  readonly supportsUsageInStreaming?: boolean;
  readonly supportsTools?: boolean;
  readonly supportsStrictMode?: boolean;
  readonly requiresStringContent?: boolean;
  readonly strictMessageKeys?: boolean;
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  readonly thinkingFormat?: string;
  readonly requiresToolResultName?: boolean;
  readonly requiresAssistantAfterToolResult?: boolean;
  readonly requiresThinkingAsText?: boolean;
  readonly requiresReasoningContentOnAssistantMessages?: boolean;
  readonly toolSchemaProfile?: "llamacpp" | "gemini";
  readonly unsupportedToolSchemaKeywords?: readonly string[];
  readonly toolCallArgumentsEncoding?: string;
  readonly requiresOpenAiAnthropicToolPayload?: boolean;
  readonly visibleReasoningDetailTypes?: readonly string[];
}

/** Dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** One model of one provider, as data. */
export interface ModelRow {
  /** The model half of a reference: the vendor's id, case kept. */
  readonly id: string;
  /** What the vendor's API calls it, where that differs from `id`. */
  readonly wireId?: string;
  readonly name: string;
  readonly reasoning: boolean;
  readonly input: readonly ("text" | "image")[];
  readonly cost?: Price;
  /** Tokens. */
  readonly contextWindow: number;
  /** Tokens of the window that are used, where the operator says so of this model. */
  readonly budget?: number;
  readonly maxTokens: number;
  readonly compat?: Compat;
  /** Dialect and address of this model, where they are not those of its vendor. */
  readonly api?: string;
  readonly baseUrl?: string;
}

/** A way to connect a vendor. */
export interface AuthChoice {
  /** Value of `openclaw onboard --auth-choice`; for a key also the flag that carries it. */
  readonly id: string;
  readonly label: string;
  /** `oauth` and `device`: a login whose steps are `flow`; `aws`: the machine's own chain; `none`: nothing is asked. */
  readonly kind: "api_key" | "token" | "oauth" | "device" | "aws" | "none";
  readonly flow?: string;
  /** Flag that carries the key, where it is not named like the choice: `--anthropic-api-key`. */
  readonly flag?: string;
  /** Where this way leads, when not to the vendor's usual address. */
  readonly baseUrl?: string;
  /** Model that is chosen with it, when not the vendor's default. */
  readonly defaultModel?: string;
}

/** `Vendor.api` of a company that speaks, hears, draws or searches, and has no chat model here. */
export const NO_CHAT = "none";

/** How a server says what it serves. */
export interface Discovery {
  /** Addresses of the list in the order in which they are tried, relative to the base URL; with a leading `/` to its host. */
  readonly paths: readonly string[];
  /** `openai`: a list of rows with an id and whatever else the server says of each; `ollama`: `/api/tags` and `/api/show`. */
  readonly shape: "openai" | "ollama";
  /** The list is for everybody; absent = asked only with a credential, as anybody with one of one's own. */
  readonly open?: true;
}

/** One company or server, as data. `models/vendors/<id>.ts`. */
export interface Vendor {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly label: string;
  /** Dialect id; `NO_CHAT` for none. */
  readonly api: string;
  readonly baseUrl: string;
  /** The address that the environment asks for; undefined = `baseUrl`. */
  readonly baseUrlFrom?: (env: Env) => string | undefined;
  /** Environment variables that hold a key, in lookup order. */
  readonly keyEnv: readonly string[];
  /** Sets of variables; each set means that the dialect finds a credential by itself. */
  readonly ambient?: readonly (readonly string[])[];
  /** Runs on this machine and needs no key. */
  readonly local?: { readonly port: number; readonly probePath: string };
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Model used when this vendor is chosen at set-up. */
  readonly defaultModel?: string;
  /**
   * Serves models that are not listed here (a router, a server on this machine): any id is passed on, or those that
   * begin so.
   */
  readonly anyModel?: boolean | readonly string[];
  /** Earlier and shorter ids of models → the id of today. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** What the API at an address calls a model, where that is neither its id nor the row's `wireId`. */
  readonly wireIdFor?: (id: string, baseUrl: string) => string | undefined;
  /** Asked for what it serves; what it says stands beside `models`. */
  readonly discovery?: Discovery;
  /** Made when somebody looks: most catalogs are never asked for. The same rows at every call. */
  readonly models: () => readonly ModelRow[];
  readonly compat?: Compat;
  /** Ways to connect, the usual one first; absent = one API key. */
  readonly auth?: readonly AuthChoice[];
  /** Takes PDF files as parts of a message. */
  readonly documents?: true;
  /** What a person who connects it should know; a sentence or two. */
  readonly note?: string;
}

export function defineVendor(vendor: Vendor): Vendor {
  return vendor;
}

/** The credential with which a model is called: what is shown of it, and what becomes of it when it fails. */
export interface Login {
  /** Id of a stored profile, `provider:label`; `env:NAME` and `config:provider` for keys that are kept elsewhere. */
  readonly id: string;
  readonly kind: "api_key" | "token" | "oauth" | "aws";
  /** In whose store it is, and whose turns it serves. */
  readonly agentId: string;
  /** Named by a person for this session: no other may stand in for it. */
  readonly pinned?: true;
}

/** Where and as whom to call; resolved by the models service, never logged. */
export interface Endpoint {
  /** Provider id, canonical. */
  readonly provider: string;
  /** Dialect id. */
  readonly api: string;
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Whose key it is; absent where none is needed. */
  readonly login?: Login;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: ModelRow;
  /** The vendor's own host, not a proxy: native extras (store, cache keys, betas) may be sent. */
  readonly native: boolean;
  /** Whole request, connect to last byte; undefined = the run's own deadlines. */
  readonly timeoutMs?: number;
  /** Merged last into the JSON body: the operator's `params.extra_body` for this model. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** The operator's settings for requests to this model, the more special over the more general; a dialect takes those it knows. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Takes PDF files as parts of a message. */
  readonly documents?: true;
  /** The program that is called in place of a server. */
  readonly program?: CliBackend;
}

export interface SystemBlock {
  readonly text: string;
  /** The prefix up to and including this block does not change from turn to turn. */
  readonly stable: boolean;
}

export interface ToolSchema {
  readonly name: string;
  readonly description: string;
  readonly parameters: TSchema;
}

/** How an answer is drawn. A dialect leaves out what its protocol, or the model, has no word for. */
export interface Sampling {
  /** Tokens of one answer. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  /** Texts before which the answer ends. */
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  /** Shape of the answer, as Chat Completions writes it in `response_format`. */
  readonly responseFormat?: Readonly<Record<string, unknown>>;
}

/** A tool that must be called: any, or this one. */
export type ToolChoice = "required" | { readonly name: string };

export interface ModelRequest extends Sampling {
  readonly endpoint: Endpoint;
  readonly system: readonly SystemBlock[];
  /** Validated: every tool call has exactly one result, in order (`features/context`). */
  readonly messages: readonly Message[];
  /** Sorted by name; byte-identical from turn to turn while the configuration stands. */
  readonly tools: readonly ToolSchema[];
  /** Absent: as the model likes. Only with `tools`. */
  readonly toolChoice?: ToolChoice;
  readonly thinking: ThinkingLevel;
  readonly cacheRetention: CacheRetention;
  /** Stable per session; vendors use it to route to a warm cache. */
  readonly cacheKey: string;
  readonly signal: AbortSignal;
  /** Without a byte for this long the call fails as `timeout`. */
  readonly idleMs: number;
  /** Absolute path in which a program works; absent = a folder without anything in it. */
  readonly folder?: string;
  /** The owner lets programs run without being asked. */
  readonly unattended?: boolean;
  /**
   * The owner wants it and nobody else is behind it: a program of this machine, which brings tools of its own, may be
   * asked. Absent = it may not.
   */
  readonly forOwner?: boolean;
}

/** Classes that decide what happens next (retry, next model, compaction, tell the user). */
export type FailureClass =
  | "rate_limit"
  | "overloaded"
  | "timeout"
  | "server_error"
  | "auth"
  | "auth_permanent"
  | "billing"
  | "format"
  | "model_not_found"
  | "context_overflow"
  | "image_too_large"
  | "abort"
  | "unknown";

export interface ModelFailure {
  readonly class: FailureClass;
  /** HTTP status when there was an answer. */
  readonly status?: number;
  /** The vendor's own code or type. */
  readonly code?: string;
  /** One line for people: unwrapped from JSON, shortened, secrets masked. */
  readonly message: string;
  readonly retryAfterMs?: number;
}

export type ModelEvent =
  | { readonly type: "start" }
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "thinking"; readonly delta: string }
  /** A tool call became known; its arguments, complete and checked, come with the finished message. */
  | { readonly type: "toolcall"; readonly id: string; readonly name: string }
  /** A piece of the JSON of a call's arguments, as the model writes it. */
  | { readonly type: "arguments"; readonly id: string; readonly delta: string }
  /** Last event of a call that worked. `reason` is never `error` or `aborted`. */
  | { readonly type: "done"; readonly reason: StopReason; readonly message: AssistantMessage }
  /** Last event of a call that did not. `partial` holds what had arrived. */
  | { readonly type: "error"; readonly failure: ModelFailure; readonly partial: AssistantMessage };

export interface DialectIo {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** For dialects whose counterpart is a program on this machine. */
  readonly programs?: Programs;
}

export interface Programs {
  readonly spawn: Spawn;
  readonly env: Env;
  /** Folder for files that live as long as a call. */
  readonly scratch: string;
  uuid(): string;
}

export interface Dialect {
  /** `openai-completions`, `anthropic-messages`, `offline`. */
  readonly id: string;
  /**
   * Streams one model call. Never throws and never hangs: ends with exactly one `done` or `error`
   * event; on abort within 100 ms with class `abort`. A tool call whose arguments do not parse as a
   * JSON object ends up in the message with `arguments: {}` and its text in `malformed`.
   */
  stream(request: ModelRequest, io: DialectIo): AsyncIterable<ModelEvent>;
}

export function defineDialect(dialect: Dialect): Dialect {
  return dialect;
}

/** What a call over this endpoint costs; undefined for a subscription, which has a price of its own. */
export function priceOf({ model, login, apiKey }: Endpoint): Price | undefined {
  return login?.kind === "oauth" || apiKey?.startsWith(SETUP_TOKEN) ? undefined : model.cost;
}

/** How a token of a Claude subscription begins (`claude setup-token`). */
export const SETUP_TOKEN = "sk-ant-oat";

/** Dollars of one call. */
export function priced(usage: Usage, price: Price | undefined): Usage {
  if (!price || (price.input === 0 && price.output === 0 && price.cacheRead === 0 && price.cacheWrite === 0))
    return usage;
  const input = (usage.input * price.input) / 1e6;
  const output = (usage.output * price.output) / 1e6;
  const cacheRead = (usage.cacheRead * price.cacheRead) / 1e6;
  const cacheWrite = (usage.cacheWrite * price.cacheWrite) / 1e6;
  return { ...usage, cost: { input, output, cacheRead, cacheWrite, total: input + output + cacheRead + cacheWrite } };
}
