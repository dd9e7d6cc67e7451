/**
 * What one request shows of a conversation: the engine's choice, fitted to the window, repaired, and in the shape
 * that the provider's family takes. The one place through which every request goes.
 */
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { ContextEngine, ContextEngineRegistry } from "../../contracts/context-engine.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Message } from "../../contracts/message.ts";
import type { Endpoint, SystemBlock, ToolSchema } from "../../contracts/model.ts";
import type { Conversation } from "./_conversations.ts";
import { FitState, fit } from "./_fit.ts";
import { forRoute, routeOf } from "./_family.ts";
import { repair } from "./_hygiene.ts";
import { BUILT_IN, BuiltInEngine } from "./_engine.ts";
import { planWindow } from "./_plan.ts";
import { pruningOf } from "./_settings.ts";
import { fixedTokens, totalTokens } from "./_tokens.ts";
import { errors } from "./errors.ts";

export interface ViewQuestion {
  readonly conversation: Conversation;
  /** Its messages as this call is to see them: one for each that is stored, and what is said aside. */
  readonly messages: readonly Message[];
  readonly sessionKey: string;
  readonly config: ConfigSnapshot;
  readonly endpoint: Endpoint;
  readonly thinking: string;
  readonly system: readonly SystemBlock[];
  readonly schemas: readonly ToolSchema[];
  readonly now: number;
}

export interface View {
  readonly messages: readonly Message[];
  readonly system: readonly SystemBlock[];
  /** Estimate of the whole request. */
  readonly tokens: number;
  /** Tokens that are left for the answer. */
  readonly answerRoom: number;
}

interface Shown {
  readonly tokens: number;
  readonly upTo: number;
  /** Prompt and schemas. */
  readonly fixed: number;
}

/** An answer of fewer tokens is worth little. */
const LEAST_ANSWER = 1024;
const MARGIN = 256;
const AFTER_REFUSAL = 0.75;
const LEAST_WINDOW = 2000;

export class Views {
  readonly #engines: ContextEngineRegistry;
  readonly #builtIn = new BuiltInEngine();
  readonly #log: Log;
  readonly #shown = new WeakMap<readonly unknown[], Shown>();
  readonly #seen = new WeakMap<readonly unknown[], Map<string, number>>();

  constructor(engines: ContextEngineRegistry, log: Log) {
    this.#engines = engines;
    this.#log = log;
  }

  /** Undefined for the built-in one. Throws `CONTEXT_ENGINE_MISSING`. */
  engine(config: ConfigSnapshot): ContextEngine | undefined {
    const id = config.at("plugins.slots.contextEngine");
    if (typeof id !== "string" || id === "" || id === BUILT_IN || id === "none") return undefined;
    const engine = this.#engines.find(id);
    if (!engine) throw errors.CONTEXT_ENGINE_MISSING({ id });
    return engine;
  }

  /** What the newest view of the conversation came to, and how many messages it was made from. */
  shown({ stored }: Conversation): Shown | undefined {
    return this.#shown.get(stored);
  }

  /** A smaller window than the model is said to have, found out by being refused. */
  seen({ stored }: Conversation, { provider, model }: Endpoint): number | undefined {
    return this.#seen.get(stored)?.get(`${provider}/${model.id}`);
  }

  /** The model took the newest view for too long, whatever its window is said to be: the next ones are shorter. */
  refused(conversation: Conversation, endpoint: Endpoint): void {
    const { tokens, fixed } = this.#shown.get(conversation.stored) ?? { tokens: 0, fixed: 0 };
    const before = this.seen(conversation, endpoint) ?? endpoint.model.contextWindow;
    const windows = this.#seen.get(conversation.stored) ?? new Map<string, number>();
    const smaller = Math.floor(Math.min(before, tokens + fixed) * AFTER_REFUSAL);
    windows.set(`${endpoint.provider}/${endpoint.model.id}`, Math.max(LEAST_WINDOW, smaller));
    this.#seen.set(conversation.stored, windows);
  }

  async view(question: ViewQuestion): Promise<View> {
    const { conversation, endpoint, schemas } = question;
    const plan = planWindow(endpoint.model, question.config, this.seen(conversation, endpoint));
    const fixed = fixedTokens(question.system, schemas);
    // Beyond the limit from which compaction makes room, so that nothing is left out before that could.
    const budget = Math.max(1000, plan.window - Math.max(LEAST_ANSWER, Math.floor(plan.reserve / 3)) - fixed);
    const { messages, systemPromptAddition } = await this.#assemble(question, plan.window, budget);
    const system =
      systemPromptAddition === undefined
        ? question.system
        : [...question.system, { text: systemPromptAddition, stable: false }];
    const route = routeOf(endpoint, question.thinking);
    const sound = forRoute(repair(messages), route);
    const tokens = totalTokens(messages);
    if (question.messages.length === conversation.stored.length)
      this.#shown.set(conversation.stored, { tokens, fixed, upTo: conversation.stored.length });
    const answerRoom = Math.max(LEAST_ANSWER, plan.window - fixed - tokens - MARGIN);
    return {
      messages: sound,
      system,
      tokens: fixed + tokens,
      answerRoom,
    };
  }

  async #assemble(question: ViewQuestion, window: number, tokenBudget: number) {
    const { conversation, messages, sessionKey, endpoint, schemas, now } = question;
    const { ref, compaction } = conversation;
    const records = compaction === undefined ? 0 : 1;
    const request = {
      sessionKey,
      sessionId: ref.sessionId,
      agentId: ref.agentId,
      messages,
      records,
      endpoint,
      window,
      tokenBudget,
      availableTools: schemas.map(({ name }) => name),
      now,
    };
    const engine = this.engine(question.config);
    const builtIn = () => this.#builtIn.assemble(request, pruningOf(question.config));
    if (!engine) return builtIn();
    try {
      const assembled = await engine.assemble(request);
      const fitted = fit(assembled.messages, {
        budget: tokenBudget,
        head: 0,
        keys: assembled.messages,
        state: new FitState(),
      });
      return { ...assembled, messages: fitted };
    } catch (error) {
      this.#log.error("the context engine failed; the built-in one goes on", {
        engine: engine.id,
        error: errorText(error),
      });
      return builtIn();
    }
  }
}
