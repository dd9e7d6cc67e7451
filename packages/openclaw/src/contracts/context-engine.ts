/**
 * Context engines: who decides what of a conversation a model is shown. One is built in (`legacy`); a plugin
 * brings another, and `plugins.slots.contextEngine` names the one in use. Whatever an engine returns passes the
 * transcript validator and the window before it is sent, so that no engine can make a request that a provider
 * refuses.
 */
import type { Message } from "./message.ts";
import type { Endpoint } from "./model.ts";

/** The conversation that an engine works on. */
export interface EngineSession {
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly agentId: string;
}

export interface AssembleRequest extends EngineSession {
  /**
   * From the newest compaction on, oldest first; its record comes first. Messages are the same objects from call to
   * call: what an engine returns unchanged should be the same object too, so that provider caches hold.
   */
  readonly messages: readonly Message[];
  /** How many at the beginning are records of what was before. */
  readonly records: number;
  /** What is to be asked; never to be kept or logged: it holds the key. */
  readonly endpoint: Endpoint;
  /** Tokens of the whole window, and what of it the messages may take. */
  readonly window: number;
  readonly tokenBudget: number;
  readonly availableTools: readonly string[];
  /** Unix epoch milliseconds. */
  readonly now: number;
}

export interface Assembled {
  readonly messages: readonly Message[];
  /** Added to the system prompt for this call, after everything else. */
  readonly systemPromptAddition?: string;
}

export interface EngineCompaction extends EngineSession {
  readonly messages: readonly Message[];
  /** Manual: also where nothing presses. */
  readonly force: boolean;
  /** What the person wants kept in view. */
  readonly instructions?: string;
  readonly tokensBefore: number;
  readonly signal: AbortSignal;
}

/** What is to stand for the messages before `keepFrom`. */
export interface EngineSummary {
  readonly summary: string;
  /** Place in `messages` of the first that stays; their number when none does. Never inside calls and their results. */
  readonly keepFrom: number;
}

export interface AfterTurn extends EngineSession {
  /** What the turn added. */
  readonly messages: readonly Message[];
}

export interface ContextEngine {
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  /** It keeps the conversation within the window by itself: nothing is summarised automatically. */
  readonly ownsCompaction?: boolean;
  /**
   * Called before every model call, retries with another model included, while the session's lane is held. Must be
   * quick: the person waits. May throw or reject: the built-in engine does this call then, and it is logged.
   */
  assemble(request: AssembleRequest): Assembled | Promise<Assembled>;
  /**
   * Called when the conversation is to become shorter. Undefined means that there is nothing to do. Absent: the
   * built-in summary. May take minutes and must end with `signal`; may throw: the built-in summary is tried then.
   */
  compact?(request: EngineCompaction): Promise<EngineSummary | undefined>;
  /** Called once after a turn's messages are on disk. Nobody waits for it; what it throws is logged. */
  afterTurn?(turn: AfterTurn): void | Promise<void>;
}

/** Where plugins put their engines. */
export interface ContextEngineRegistry {
  /** A second engine of the same id takes the place of the first. The returned function takes it out. */
  register(engine: ContextEngine): () => void;
  find(id: string): ContextEngine | undefined;
}

export function defineContextEngine(engine: ContextEngine): ContextEngine {
  return engine;
}
