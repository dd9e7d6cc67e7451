/** Fakes for the tests of runs: a transcript in memory, a scripted model, everything else as small as it can be. */
import { systemClock } from "../../base/time.ts";
import type { Log } from "../../base/log.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import type { AssistantMessage, Message } from "../../contracts/message.ts";
import type { Endpoint, ModelEvent, ModelFailure, ModelRequest } from "../../contracts/model.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Tool } from "../../contracts/tool.ts";
import { SYSTEM } from "../../contracts/principal.ts";
import type { Role } from "../../contracts/principal.ts";
import type {
  MessageEntry,
  NewPost,
  SystemEventRow,
  Transcripts,
  TurnOptions,
  TurnResult,
  TurnRow,
} from "../../store/index.ts";
import { Contexts } from "./_context.ts";
import { RunEmitter } from "./_emitter.ts";
import type { RunEvent } from "./index.ts";
import { run } from "./run.ts";
import type { RunDeps } from "./run.ts";

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, for: () => silent } as Log;

export type Step = (request: ModelRequest) => AsyncIterable<ModelEvent> | Iterable<ModelEvent>;

const blank = (request: ModelRequest): Omit<AssistantMessage, "content" | "stopReason"> => ({
  role: "assistant",
  timestamp: 1,
  api: "fake",
  provider: request.endpoint.provider,
  model: request.endpoint.model.id,
  usage: { ...NO_USAGE, input: 3, output: 2, totalTokens: 5 },
});

/** The model says this. */
export const says =
  (text: string): Step =>
  (request) => [
    { type: "text", delta: text },
    {
      type: "done",
      reason: "stop",
      message: { ...blank(request), content: [{ type: "text", text }], stopReason: "stop" },
    },
  ];

/** The model calls these tools. */
export const calls =
  (...names: string[]): Step =>
  (request) => [
    {
      type: "done",
      reason: "toolUse",
      message: {
        ...blank(request),
        stopReason: "toolUse",
        content: names.map((name, i) => ({ type: "toolCall" as const, id: `${name}-${i}`, name, arguments: { n: i } })),
      },
    },
  ];

/** The model fails, after having said something or not. */
export const fails =
  (failure: Partial<ModelFailure>, said = ""): Step =>
  (request) => [
    ...(said === "" ? [] : [{ type: "text" as const, delta: said }]),
    {
      type: "error",
      failure: { class: "unknown", message: "it broke", ...failure },
      partial: { ...blank(request), content: said === "" ? [] : [{ type: "text", text: said }], stopReason: "error" },
    },
  ];

/** The model says something and then hangs until it is aborted. */
export const hangs = (said: string): Step =>
  async function* (request) {
    yield { type: "text", delta: said };
    await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve(), { once: true }));
    yield {
      type: "error",
      failure: { class: "abort", message: "aborted" },
      partial: { ...blank(request), content: [{ type: "text", text: said }], stopReason: "aborted" },
    };
  };

export interface Rig {
  readonly messages: Message[];
  readonly requests: ModelRequest[];
  readonly events: RunEvent[];
  readonly posts: NewPost[];
  readonly ended: { state: string; result: TurnResult }[];
  readonly slept: number[];
  /** Runs a turn to its end. */
  turn(
    text: string,
    options?: {
      attempts?: number;
      timeoutMs?: number;
      stop?: AbortSignal;
      id?: string;
      closing?: AbortSignal;
      wake?: string;
      role?: Role;
      wishes?: TurnOptions;
    },
  ): Promise<void>;
}

export function rig(
  steps: Step[],
  setup: {
    tools?: readonly Tool[];
    deny?: string;
    models?: number;
    before?: readonly { message: Message; runId: string }[];
    /** System events that wait; those told are taken out. */
    waiting?: SystemEventRow[];
  } = {},
): Rig {
  const waiting = setup.waiting ?? [];
  const messages: Message[] = [];
  const stored: MessageEntry[] = [];
  const requests: ModelRequest[] = [];
  const events: RunEvent[] = [];
  const posts: NewPost[] = [];
  const ended: Rig["ended"] = [];
  const slept: number[] = [];
  const add = (message: Message, runId: string | undefined): MessageEntry => {
    const entry: MessageEntry = {
      type: "message",
      id: `e${stored.length}`,
      parentId: null,
      timestamp: new Date(0).toISOString(),
      message,
      ...(runId === undefined ? {} : { runId }),
    };
    stored.push(entry);
    messages.push(message);
    return entry;
  };
  for (const { message, runId } of setup.before ?? []) add(message, runId);
  const transcripts = {
    append: async (_ref: unknown, list: readonly { message: Message; runId?: string }[]) =>
      list.map(({ message, runId }) => add(message, runId)),
    context: async () => ({ entries: stored, hasMore: false, damaged: 0 }),
  } as unknown as Transcripts;
  const endpoints = Array.from({ length: setup.models ?? 1 }, (_, i): Endpoint => ({
    provider: `p${i}`,
    api: "fake",
    baseUrl: "",
    headers: {},
    native: false,
    model: { id: `m${i}`, name: "", reasoning: false, input: ["text"], contextWindow: 100_000, maxTokens: 1000 },
  }));
  const entry = { sessionId: "s", updatedAt: 1 };
  const agent = {
    id: "main",
    name: "Assistant",
    isDefault: true,
    workspace: "/workspace",
    identity: {},
    model: { primary: "p0/m0", fallbacks: endpoints.slice(1).map((e) => `${e.provider}/${e.model.id}`) },
  };
  const config = { at: () => undefined, section: () => ({ mainKey: "main", exec: {}, fs: {} }), root: {}, hash: "" };
  const clock = { ...systemClock, sleep: async (ms: number) => void slept.push(ms) };
  const deps = (closing: AbortSignal): RunDeps =>
    ({
      platform: { clock, log: silent } as unknown as Platform,
      use: () => Promise.reject(new Error("no services")),
      store: {
        turns: {
          finish: async (_id: string, end: { state: string; result: TurnResult; posts: NewPost[] }) =>
            void (ended.push(end), posts.push(...end.posts)),
        },
      },
      contexts: new Contexts(transcripts),
      config: { current: () => config },
      agents: {
        get: () => agent,
        default: () => agent,
        prepareWorkspace: async () => {},
        prompt: async () => [{ text: "system", stable: true }],
      },
      sessions: {
        ensure: async () => ({ key: "k", agentId: "main", entry }),
        get: async () => undefined,
        changed: () => {},
        view: async () => ({}),
      },
      approvals: { reachable: () => false, lost: () => false },
      systemEvents: {
        waiting: async () => [...waiting],
        told: async (ids: string[]) => {
          for (const id of ids)
            waiting.splice(
              waiting.findIndex((event) => event.id === id),
              1,
            );
        },
      },
      models: {
        defaultRef: () => "p0/m0",
        resolve: async (ref: string) => endpoints.find((e) => `${e.provider}/${e.model.id}` === ref),
        stream: (request: ModelRequest) => {
          requests.push(request);
          const step = steps.shift();
          if (!step) throw new Error("the script has no more steps");
          return step(request);
        },
      },
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
        wake: () => {},
        typing: () => () => {},
      },
      events: { publish: () => {}, subscribe: () => () => {} },
      log: silent,
      closing,
    }) as unknown as RunDeps;
  return {
    messages,
    requests,
    events,
    posts,
    ended,
    slept,
    async turn(text, options = {}) {
      const row: TurnRow = {
        id: options.id ?? "run",
        agentId: "main",
        sessionKey: "agent:main:main",
        principal: { ...SYSTEM, role: options.role ?? "owner" },
        text,
        replyTo: { address: { channel: "fake", account: "default", kind: "direct", chat: "1" } },
        options: {
          ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
          ...(options.wake === undefined ? {} : { wake: options.wake }),
          ...options.wishes,
        },
        state: "running",
        attempts: options.attempts ?? 1,
        createdAt: 1,
      };
      const emitter = new RunEmitter(row, systemClock, (event) => void events.push(event));
      await run(
        deps(options.closing ?? new AbortController().signal),
        row,
        emitter,
        options.stop ?? new AbortController().signal,
      );
    },
  };
}
