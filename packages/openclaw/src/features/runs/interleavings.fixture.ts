/**
 * A generated life of one conversation, for tests: turns over the real run loop with models that answer, fail, hang
 * and refuse, tools that break, messages that steer, people who stop and compact, and a process that dies at any
 * write. A fake world; the loop, the window, hygiene and compaction in it are real.
 */
import fc from "fast-check";
import { systemClock } from "../../base/time.ts";
import type { Log } from "../../base/log.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import type { AssistantMessage } from "../../contracts/message.ts";
import type { Endpoint, FailureClass, ModelEvent, ModelRequest } from "../../contracts/model.ts";
import { Type, closed } from "../../contracts/schema.ts";
import { defineTool, text } from "../../contracts/tool.ts";
import type { TurnRow } from "../../store/index.ts";
import { Compactor } from "../context/_compaction/compactor.ts";
import { Contexts, Views, familyViolations, routeOf, violations } from "../context/index.ts";
import { StopRequest } from "../sessions/index.ts";
import { googleBody } from "../../models/dialects/_request-google.ts";
import { responsesBody } from "../../models/dialects/_request-responses.ts";
import { googleRefusal } from "../../../../../test/fakes/_wire-google.ts";
import { responsesRefusal } from "../../../../../test/fakes/_wire-responses.ts";
import { RunEmitter } from "./_record/emitter.ts";
import { RunFacts } from "./_record/facts.ts";
import { fakeTranscripts } from "./_fake-transcripts.ts";
import { depsOf, fakeFacts, rowOf } from "./_fakes.ts";
import { run } from "./run.ts";
import { Trailing } from "./_reply/trailing.ts";
import type { RunDeps } from "./run.ts";

/** One answer of the model. */
type Answer =
  | { readonly kind: "says"; readonly length: number; readonly thinks: "no" | "signed" | "unsigned" }
  | { readonly kind: "calls"; readonly calls: readonly Called[]; readonly says: boolean; readonly thinks: boolean }
  | { readonly kind: "fails"; readonly class: FailureClass; readonly said: boolean; readonly calls: boolean }
  | { readonly kind: "hangs"; readonly said: boolean };

interface Called {
  readonly tool: "works" | "breaks" | "long" | "hangs" | "unknown";
  readonly id: "fresh" | "again" | "odd" | "empty";
  readonly malformed: boolean;
}

/** What happens while a turn runs: at the n-th moment (a call of the model or of a tool begins). */
interface Happening {
  readonly at: number;
  readonly what: "stop" | "compact" | "steer" | "inject";
}

interface Turn {
  readonly length: number;
  readonly route: number;
  readonly answers: readonly Answer[];
  readonly happenings: readonly Happening[];
  /** The process dies at the n-th write of the turn; `part` of what was to be written is there. */
  readonly death?: { readonly at: number; readonly part: number } | undefined;
}

export interface Life {
  readonly window: number;
  readonly safeguard: boolean;
  readonly precheck: boolean;
  readonly recordFails: boolean;
  readonly turns: readonly Turn[];
}

const called = fc.record<Called>({
  tool: fc.constantFrom("works", "works", "breaks", "long", "hangs", "unknown"),
  id: fc.constantFrom("fresh", "fresh", "again", "odd", "empty"),
  malformed: fc.boolean(),
});

const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({
    kind: fc.constant("says" as const),
    length: fc.constantFrom(0, 3, 200, 6000),
    thinks: fc.constantFrom("no" as const, "signed" as const, "unsigned" as const),
  }),
  fc.record({
    kind: fc.constant("calls" as const),
    calls: fc.array(called, { minLength: 1, maxLength: 3 }),
    says: fc.boolean(),
    thinks: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("fails" as const),
    class: fc.constantFrom<FailureClass>("context_overflow", "context_overflow", "overloaded", "format", "unknown"),
    said: fc.boolean(),
    calls: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("hangs" as const), said: fc.boolean() }),
);

const happening = fc.record<Happening>({
  at: fc.nat(6),
  what: fc.constantFrom("stop", "compact", "steer", "inject"),
});

const turn: fc.Arbitrary<Turn> = fc.record({
  length: fc.constantFrom(2, 40, 4000, 30_000),
  route: fc.nat(ROUTES().length - 1),
  answers: fc.array(answer, { maxLength: 5 }),
  happenings: fc.array(happening, { maxLength: 2 }),
  death: fc.option(fc.record({ at: fc.nat(8), part: fc.nat(3) }), { nil: undefined, freq: 3 }),
});

export const life: fc.Arbitrary<Life> = fc.record({
  window: fc.constantFrom(8000, 8000, 16_000, 60_000),
  safeguard: fc.boolean(),
  precheck: fc.boolean(),
  recordFails: fc.boolean(),
  turns: fc.array(turn, { minLength: 1, maxLength: 6 }),
});

/** Providers whose rules differ. */
function ROUTES(): readonly (readonly [provider: string, api: string, model: string])[] {
  return [
    ["openai", "openai-completions", "gpt"],
    ["anthropic", "anthropic-messages", "claude"],
    ["openai", "openai-responses", "gpt-thinks"],
    ["google", "google-generative-ai", "gemini-3"],
    ["google", "google-generative-ai", "gemini-2.5"],
    ["mistral", "openai-completions", "large"],
    ["openrouter", "openai-completions", "google/gemini"],
    ["local", "openai-completions", "gemma-3"],
  ];
}

/** What these two vendors would say to the request itself. */
const JUDGES: Readonly<Record<string, (request: ModelRequest) => string | undefined>> = {
  "openai-responses": (request) => responsesRefusal(responsesBody(request)),
  "google-generative-ai": (request) => googleRefusal(googleBody(request), request.endpoint.model.id),
};

const LONGEST = 50;
/** What a dead process waits for. A new one each time: nothing holds on to it. */
const never = () => new Promise<never>(() => {});
/** Without timers: a dead process would hold them. */
const clock = { ...systemClock, timer: () => () => {}, sleep: async () => {} };
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, for: () => silent } as Log;

/** Lives it; returns what was wrong with any request that left. */
export async function live(plan: Life): Promise<readonly string[]> {
  const world = new World(plan);
  for (const [at, each] of plan.turns.entries()) await world.turn(each, at);
  return world.complaints;
}

class World {
  readonly complaints: string[] = [];
  readonly #plan: Life;
  readonly #disk = fakeTranscripts();
  readonly #endpoints: readonly Endpoint[];
  #process: { contexts: Contexts; views: Views; dead: boolean };
  #answers: Answer[] = [];
  #moments: (() => void)[] = [];
  #moment = 0;
  #writes = 0;
  #death: Turn["death"];
  #died: () => void = () => {};
  #calls = 0;

  constructor(plan: Life) {
    this.#plan = plan;
    this.#endpoints = ROUTES().map(([provider, api, id]) => ({
      provider,
      api,
      baseUrl: "",
      headers: {},
      native: false,
      model: { id, name: "", reasoning: true, input: ["text"], contextWindow: plan.window, maxTokens: 1000 },
    }));
    this.#process = this.#start();
  }

  #start() {
    const own = { contexts: undefined as unknown as Contexts, views: undefined as unknown as Views, dead: false };
    const mortal = new Proxy(this.#disk, {
      get: (disk, name) => {
        const member = Reflect.get(disk, name) as unknown;
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => this.#perform(own, String(name), member as Act, args);
      },
    });
    own.contexts = new Contexts(mortal);
    own.views = new Views({ find: () => undefined, register: () => () => {} }, silent);
    return own;
  }

  /** One turn, with as many restarts as its death asks for. */
  async turn(each: Turn, nth: number): Promise<void> {
    this.#answers = [...each.answers];
    this.#death = each.death;
    this.#writes = 0;
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const row = rowOf(`${nth} ${"word ".repeat(each.length / 5)}`, { id: `run-${nth}`, attempts: attempt });
      if (await this.#attempt(each, row)) return;
      this.#process = this.#start();
      this.#death = undefined;
    }
  }

  /** False when the process died. */
  async #attempt(each: Turn, row: TurnRow): Promise<boolean> {
    const stop = new AbortController();
    const steering: TurnRow[] = [];
    const deps = this.#deps(each, steering);
    this.#moment = 0;
    const acts: Record<Happening["what"], () => void> = {
      stop: () => stop.abort(new StopRequest("stop")),
      compact: () => void this.#compact(deps, "manual"),
      steer: () => steering.push(rowOf("and that too", { id: `${row.id}-steer-${this.#moment}` })),
      inject: () => void this.#inject(deps),
    };
    this.#moments = [];
    for (const { at, what } of each.happenings) this.#moments[at] = acts[what];
    const died = new Promise<false>((resolve) => (this.#died = () => resolve(false)));
    const emitter = new RunEmitter(row, {
      clock: systemClock,
      publish: () => {},
      facts: new RunFacts(fakeFacts([]), systemClock, row),
    });
    return Promise.race([run(deps, row, emitter, stop.signal).then(() => true), died]);
  }

  #deps(each: Turn, steering: TurnRow[]): RunDeps {
    const { contexts, views } = this.#process;
    const seen = { messages: [], requests: [], events: [], posts: [], ended: [], slept: [], facts: [] };
    const base = depsOf([], { tools: tools(() => this.#tick()) }, seen);
    const config = { ...base.config.current(), at: (path: string) => this.#setting(path) };
    const [provider, , model] = ROUTES()[each.route]!;
    const models = {
      defaultRef: () => `${provider}/${model}`,
      resolve: async (ref: string) => this.#endpoints.find((one) => `${one.provider}/${one.model.id}` === ref),
      stream: (request: ModelRequest) => this.#stream(request),
    };
    const session = {
      key: "k",
      agentId: "main",
      entry: { sessionId: "s", updatedAt: 1, memoryFlushCompactionCount: -1 },
    };
    const sessions = {
      ...base.sessions,
      ensure: async () => session,
      get: async () => session,
      patch: async () => session,
    };
    const deps = {
      ...base,
      platform: { ...base.platform, clock, random: { bytes: (n: number) => Buffer.alloc(n) } },
      config: { current: () => config },
      models,
      sessions,
      lanes: {
        steering: async () => steering.splice(0),
        steered: async () => {},
      },
      contexts,
      closing: new AbortController().signal,
      trailing: new Trailing(),
    };
    const compactor = new Compactor({
      platform: deps.platform,
      conversations: contexts,
      sessions,
      models,
      events: deps.events,
      log: silent,
      prose: async () => () => "write",
    } as never);
    const context = { conversations: contexts, views, makeRoom: compactor.compact.bind(compactor) };
    return { ...deps, context } as unknown as RunDeps;
  }

  #setting(path: string): unknown {
    if (path !== "agents.defaults.compaction") return undefined;
    return {
      mode: this.#plan.safeguard ? "safeguard" : "default",
      midTurnPrecheck: this.#plan.precheck,
      postCompactionSections: [],
    };
  }

  async #compact(deps: RunDeps, reason: "manual"): Promise<void> {
    const session = await deps.sessions.ensure("k");
    await deps.context.makeRoom({
      session,
      config: deps.config.current(),
      workspace: "/workspace",
      candidates: this.#endpoints,
      reason,
      tokensBefore: 1,
      fixed: 1,
      signal: new AbortController().signal,
    });
  }

  /** Somebody writes into the conversation while a run is under way. */
  async #inject(deps: RunDeps): Promise<void> {
    const message = assistant(
      { endpoint: this.#endpoints[0]! } as ModelRequest,
      [{ type: "text", text: "by the way" }],
      "stop",
    );
    await deps.contexts.append({ agentId: "main", sessionId: "s" }, [message], {
      runId: "other",
      cwd: "/",
      durable: true,
    });
  }

  /** A write takes effect, in part or not at all, and from the moment of death on nothing does. */
  #perform(own: { dead: boolean }, name: string, act: Act, args: unknown[]): unknown {
    if (own.dead) return never();
    if (name !== "append" && name !== "compact") return act.apply(this.#disk, args);
    const isLast = this.#death !== undefined && this.#writes === this.#death.at;
    this.#writes += 1;
    if (!isLast) return act.apply(this.#disk, args);
    own.dead = true;
    const [ref, what, ...rest] = args;
    const part = this.#death!.part;
    if (Array.isArray(what)) void act.apply(this.#disk, [ref, what.slice(0, part), ...rest]);
    else if (part > 0) void act.apply(this.#disk, args);
    this.#died();
    return never();
  }

  #tick(): void {
    const happens = this.#moments[this.#moment];
    this.#moment += 1;
    happens?.();
  }

  async *#stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    this.#check(request);
    if (request.cacheKey.endsWith(":record")) return yield* this.#record(request);
    this.#tick();
    if (request.signal.aborted) return yield failure(request, "abort", false, false);
    const next = this.#calls < LONGEST * this.#plan.turns.length ? this.#answers.shift() : undefined;
    this.#calls += 1;
    if (next === undefined) return yield says(request, 3);
    switch (next.kind) {
      case "says":
        return yield says(request, next.length, this.#thought(request, next.thinks));
      case "calls":
        return yield this.#callsOf(request, next);
      case "fails":
        return yield failure(request, next.class, next.said, next.calls);
      case "hangs": {
        // Nobody waits for a model that hangs without being stopped: it is, in the end.
        await new Promise<void>((resolve) => {
          request.signal.addEventListener("abort", () => resolve(), { once: true });
          setImmediate(resolve);
        });
        return yield failure(request, request.signal.aborted ? "abort" : "timeout", next.said, false);
      }
    }
  }

  async *#record(request: ModelRequest): AsyncGenerator<ModelEvent> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.#plan.recordFails) yield failure(request, "server_error", false, false);
    else yield { type: "done", reason: "stop", message: assistant(request, [{ type: "text", text: RECORD }], "stop") };
  }

  #check(request: ModelRequest): void {
    const route = routeOf(request.endpoint, request.thinking);
    for (const complaint of [...violations(request.messages), ...familyViolations(request.messages, route)])
      this.complaints.push(`${route.family}: ${complaint}`);
    const refusal = JUDGES[route.api]?.(request);
    if (refusal !== undefined) this.complaints.push(`${route.api}: ${refusal}`);
    if (request.messages.length === 0) this.complaints.push(`${route.family}: nothing is asked`);
    const bytes = Buffer.byteLength(JSON.stringify([request.messages.map(({ content }) => content), request.tools]));
    if (bytes / 4 > request.endpoint.model.contextWindow)
      this.complaints.push(`${bytes} bytes for ${this.#plan.window} tokens`);
  }

  /** As the vendor of the request seals a thought. */
  #thought({ endpoint }: ModelRequest, thinks: "no" | "signed" | "unsigned"): Part[] {
    if (thinks === "no") return [];
    const item = { type: "reasoning", id: `rs_${this.#calls}`, summary: [], encrypted_content: "gAAAA" };
    const thinkingSignature = endpoint.api === "openai-responses" ? JSON.stringify(item) : "c2lnbmVk";
    return [{ type: "thinking", thinking: "hm", ...(thinks === "signed" ? { thinkingSignature } : {}) }];
  }

  #callProof({ endpoint }: ModelRequest): string {
    return endpoint.api === "openai-responses" ? `fc_${this.#calls}` : "c2lnbmVk";
  }

  #callsOf(request: ModelRequest, { calls, says: speaks, thinks }: Extract<Answer, { kind: "calls" }>): ModelEvent {
    const content: AssistantMessage["content"][number][] = calls.map(({ tool, id, malformed }, i) => ({
      type: "toolCall",
      id: { fresh: `call_${this.#calls}_${i}`, again: "call_again", odd: `odd id/${this.#calls}.${i}`, empty: "" }[id],
      name: tool,
      arguments: malformed ? {} : { n: i },
      ...(malformed ? { malformed: "{" } : {}),
      ...(thinks ? { thoughtSignature: i === 0 ? this.#callProof(request) : "not base64!" } : {}),
    }));
    if (speaks) content.unshift({ type: "text", text: "let me see" });
    if (thinks) content.unshift(...this.#thought(request, "signed"));
    return { type: "done", reason: "toolUse", message: assistant(request, content, "toolUse") };
  }
}

type Act = (...args: unknown[]) => unknown;

type Part = AssistantMessage["content"][number];

const RECORD =
  "## Goal\nTo see this through.\n\n## Done\nSome of it, and it was looked at.\n\n## Next\nThe rest of it.";

function says(request: ModelRequest, length: number, thought: readonly Part[] = []): ModelEvent {
  const content: Part[] = [...thought, { type: "text", text: "w".repeat(length) }];
  return { type: "done", reason: "stop", message: assistant(request, content, "stop") };
}

function failure(request: ModelRequest, kind: FailureClass, said: boolean, calls: boolean): ModelEvent {
  const content: AssistantMessage["content"][number][] = said ? [{ type: "text", text: "I was about to" }] : [];
  if (calls) content.push({ type: "toolCall", id: "cut_off", name: "works", arguments: {} });
  return {
    type: "error",
    failure: { class: kind, message: kind },
    partial: assistant(request, content, kind === "abort" ? "aborted" : "error"),
  };
}

function assistant(
  { endpoint }: ModelRequest,
  content: AssistantMessage["content"],
  stopReason: AssistantMessage["stopReason"],
): AssistantMessage {
  const { provider, api, model } = endpoint;
  return { role: "assistant", content, timestamp: 1, api, provider, model: model.id, usage: NO_USAGE, stopReason };
}

function tools(begins: () => void) {
  const make = (name: string, body: (signal: AbortSignal) => Promise<string>) =>
    defineTool({
      name,
      group: "fs",
      label: name,
      summary: name,
      description: name,
      effect: "read",
      params: closed({ n: Type.Integer() }),
      load: async () => ({
        preview: () => ({ target: name, exact: {} }),
        run: async (_given: { n: number }, { signal }) => {
          begins();
          return text(await body(signal));
        },
      }),
    });
  return [
    make("works", async () => "done"),
    make("breaks", () => Promise.reject(new Error("broken"))),
    make("long", async () => "line of output\n".repeat(900)),
    make(
      "hangs",
      (signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
          setImmediate(() => resolve("late"));
        }),
    ),
  ];
}
