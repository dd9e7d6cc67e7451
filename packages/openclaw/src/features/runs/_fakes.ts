/** Everything around a run, as small as it can be, for tests: a transcript in memory, a scripted model. Fakes. */
import { systemClock } from "../../base/time.ts";
import type { Log } from "../../base/log.ts";
import type { ChatKind } from "../../contracts/envelope.ts";
import type { Message } from "../../contracts/message.ts";
import type { ModelRequest } from "../../contracts/model.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Tool } from "../../contracts/tool.ts";
import { SYSTEM } from "../../contracts/principal.ts";
import type { PrincipalKind, Role } from "../../contracts/principal.ts";
import type {
  NewPost,
  RunEvents,
  RunFact,
  SystemEventRow,
  TurnOptions,
  TurnResult,
  TurnRow,
} from "../../store/index.ts";
import { Contexts, Views } from "../context/index.ts";
import { RunEmitter } from "./_record/emitter.ts";
import { RunFacts } from "./_record/facts.ts";
import { endpointsOf, fakeModels, refOf, type Step } from "./_fake-model.ts";
import { fakeTranscripts } from "./_fake-transcripts.ts";
import type { RunEvent } from "./index.ts";
import { run } from "./run.ts";
import { Trailing } from "./_reply/trailing.ts";
import type { RunDeps } from "./run.ts";

export { calls, fails, hangs, says } from "./_fake-model.ts";

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, for: () => silent } as Log;

/** What a test looks at afterwards. */
interface Seen {
  readonly messages: Message[];
  readonly requests: ModelRequest[];
  readonly events: RunEvent[];
  readonly posts: NewPost[];
  readonly ended: { state: string; result: TurnResult }[];
  readonly slept: number[];
  readonly facts: RunFact[];
}

interface TurnWishes {
  readonly attempts?: number;
  readonly timeoutMs?: number;
  readonly stop?: AbortSignal;
  readonly id?: string;
  readonly closing?: AbortSignal;
  readonly wake?: string;
  readonly role?: Role;
  readonly by?: PrincipalKind;
  readonly kind?: ChatKind;
  readonly wishes?: TurnOptions;
}

export interface Rig extends Seen {
  /** Runs a turn to its end. */
  turn(text: string, options?: TurnWishes): Promise<void>;
}

interface Setup {
  readonly tools?: readonly Tool[];
  readonly deny?: string;
  /** `agents.defaults.contextLimits.toolResultMaxChars`. */
  readonly toolResultMaxChars?: number;
  readonly models?: number;
  /** Waits for a first sign of life are over at once. */
  readonly firstTimers?: boolean;
  readonly before?: readonly { message: Message; runId: string }[];
  /** System events that wait; those told are taken out. */
  readonly waiting?: SystemEventRow[];
}

export function rig(steps: Step[], setup: Setup = {}): Rig {
  const seen: Seen = { messages: [], requests: [], events: [], posts: [], ended: [], slept: [], facts: [] };
  const transcripts = fakeTranscripts(setup.before, (message) => void seen.messages.push(message));
  const views = new Views({ find: () => undefined, register: () => () => {} }, silent);
  return {
    ...seen,
    async turn(text, options = {}) {
      const row = rowOf(text, options);
      const emitter = new RunEmitter(row, {
        clock: systemClock,
        publish: (event) => void seen.events.push(event),
        facts: new RunFacts(fakeFacts(seen.facts), systemClock, row),
      });
      const closing = options.closing ?? new AbortController().signal;
      const contexts = new Contexts(transcripts);
      const makeRoom = () => Promise.resolve({ compacted: false, reason: "nothing to compact", failed: false });
      const context = { conversations: contexts, views, makeRoom };
      const deps = { ...depsOf(steps, setup, seen), context, contexts, closing, trailing: new Trailing() };
      await run(deps as unknown as RunDeps, row, emitter, options.stop ?? new AbortController().signal);
    },
  };
}

export function fakeFacts(facts: RunFact[]): RunEvents {
  return { record: (fact: RunFact) => facts.push(fact), keepBody() {} } as unknown as RunEvents;
}

/** Everything but the transcript, in as few words as a run needs. */
export function depsOf(steps: Step[], setup: Setup, { requests, posts, ended, slept }: Seen) {
  const endpoints = endpointsOf(setup.models ?? 1);
  const agent = {
    id: "main",
    name: "Assistant",
    isDefault: true,
    workspace: "/workspace",
    identity: {},
    model: { primary: "p0/m0", fallbacks: endpoints.slice(1).map(refOf) },
  };
  const config = {
    at: () => undefined,
    section: () => ({
      mainKey: "main",
      exec: {},
      fs: {},
      loopDetection: { enabled: false },
      defaults: { contextLimits: { toolResultMaxChars: setup.toolResultMaxChars } },
    }),
    root: {},
    hash: "",
  };
  const timer = (ms: number, fire: () => void) => systemClock.timer(ms === 30_000 ? 1 : ms, fire);
  const clock = {
    ...systemClock,
    sleep: async (ms: number) => void slept.push(ms),
    ...(setup.firstTimers ? { timer } : {}),
  };
  let row = { key: "k", agentId: "main", entry: { sessionId: "s", updatedAt: 1 } };
  return {
    platform: { clock, log: silent, env: {} } as unknown as Platform,
    use: () => Promise.reject(new Error("no services")),
    store: {
      turns: {
        finish: async (_id: string, end: { state: string; result: TurnResult; posts: NewPost[] }) =>
          void (ended.push(end), posts.push(...end.posts)),
      },
      outbox: { find: async () => [], post: async (more: NewPost[]) => void posts.push(...more) },
      kv: { get: async () => undefined, set: async () => {}, delete: async () => {} },
    },
    config: { current: () => config },
    agents: {
      get: () => agent,
      default: () => agent,
      prepareWorkspace: async () => {},
      prompt: async ({ tools }: { tools: readonly Tool[] }) => ({
        system: [{ text: "system", stable: true }],
        tools: tools.map(({ name, description, params }) => ({ name, description, parameters: params })),
        report: {},
      }),
    },
    lanes: { steering: () => Promise.resolve([]), steered: () => Promise.resolve() },
    sessions: {
      ensure: async () => row,
      get: async () => undefined,
      patch: async (_key: string, { set }: { set: object }) => (row = { ...row, entry: { ...row.entry, ...set } }),
      changed: () => {},
      view: async () => ({}),
    },
    approvals: { reachable: () => false, lost: () => false },
    systemEvents: fakeEvents(setup.waiting ?? []),
    models: fakeModels(steps, endpoints, requests),
    policy: {
      toolset: () => setup.tools ?? [],
      refresh: async () => {},
      judge: (act: { tool: string }) =>
        setup.deny === act.tool
          ? { verdict: "deny", rule: "test", reason: "not today" }
          : { verdict: "allow", rule: "test" },
    },
    outbound: {
      compose: (texts: string[], route: { address: NewPost["address"] }) =>
        texts.map((text, i) => ({ key: `k${i}`, address: route.address, text, at: 1 })),
      answer: async (
        payloads: { text: string }[],
        { address }: { address: NewPost["address"] },
        { keyPrefix, first = 0 }: { keyPrefix: string; first?: number },
      ) => payloads.map(({ text }, i) => ({ key: `${keyPrefix}:${first + i}`, address, text, at: 1 })),
      preview: () => undefined,
      react: () => {},
      wake: () => {},
      typing: () => ({ touch() {}, stop() {} }),
      known: () => undefined,
    },
    events: { publish: () => {}, subscribe: () => () => {} },
    log: silent,
  };
}

function fakeEvents(waiting: SystemEventRow[]) {
  return {
    waiting: async () => [...waiting],
    told: async (ids: string[]) => {
      for (const id of ids)
        waiting.splice(
          waiting.findIndex((event) => event.id === id),
          1,
        );
    },
  };
}

export function rowOf(text: string, options: TurnWishes): TurnRow {
  return {
    id: options.id ?? "run",
    agentId: "main",
    sessionKey: "agent:main:main",
    principal: { ...SYSTEM, kind: options.by ?? SYSTEM.kind, role: options.role ?? "owner" },
    text,
    replyTo: { address: { channel: "fake", account: "default", kind: options.kind ?? "direct", chat: "1" } },
    options: {
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.wake === undefined ? {} : { wake: options.wake }),
      ...options.wishes,
    },
    state: "running",
    attempts: options.attempts ?? 1,
    createdAt: 1,
  };
}
