/** Sessions, lanes and a store as they are, with fakes of models, agents, transcripts and runs. For tests. */
import { quietLog } from "../../../../../test/harness/log.ts";
import { Fault } from "../../base/errors.ts";
import type { AssistantMessage, Message } from "../../contracts/message.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import { provide } from "../../contracts/service.ts";
import type { Provider } from "../../contracts/service.ts";
import { ProviderQuotas } from "../usage/index.ts";
import { Models } from "../../models/index.ts";
import type { ModelsService } from "../../models/index.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import type { MessageEntry, Transcripts, TurnRow } from "../../store/index.ts";
import { openSqliteStore } from "../../store/sqlite/index.ts";
import { migrations } from "../../store/tables.ts";
import { Agents } from "../agents/index.ts";
import type { AgentsService } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Outbound } from "../outbound/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import { Lanes, Sessions } from "../sessions/index.ts";
import { createSessions } from "../sessions/_sessions.ts";
import { SessionLanes } from "../sessions/lane.ts";
import { services as own } from "./service.ts";

/** What a run says; a promise that never ends is a run under way. */
export type Answer = (turn: TurnRow, signal: AbortSignal) => Promise<string> | string;

export interface Fakes {
  /** Turns in the order in which they ran. */
  readonly ran: TurnRow[];
  answer: Answer;
  readonly providers: readonly Provider[];
}

export function fakes(): Fakes {
  const ran: TurnRow[] = [];
  const transcripts = fakeTranscripts();
  const world: Fakes = {
    ran,
    answer: ({ text }) => `answer to ${text}`,
    providers: [
      ...own,
      provide(StoreToken, ({ platform }) =>
        openSqliteStore({ path: ":memory:", migrations, clock: platform.clock, log: quietLog }),
      ),
      provide(TranscriptsToken, () => transcripts),
      provide(Lanes, async ({ use, platform, scope }) => {
        const store = await use(StoreToken);
        const lanes = new SessionLanes({
          platform: { ...platform, log: quietLog },
          store,
          cap: () => 8,
          closing: scope.signal,
        });
        lanes.executor(async (turn, signal) => {
          ran.push(turn);
          const { promise: stopped, reject } = Promise.withResolvers<never>();
          signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
          const said = await Promise.race([Promise.resolve(world.answer(turn, signal)), stopped]).catch(
            () => undefined,
          );
          const row = await (await use(Sessions)).ensure(turn.sessionKey);
          const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
          const list = [user(turn.text), ...(said === undefined ? [] : [assistant(said)])];
          await transcripts.append(
            ref,
            list.map((message) => ({ message })),
            { cwd: "/", durable: false },
          );
          const ok = said !== undefined;
          await store.turns.finish(turn.id, {
            state: ok ? "done" : "aborted",
            at: platform.clock.now(),
            result: {
              status: ok ? "ok" : "aborted",
              stopReason: "stop",
              texts: ok && said !== "NO_REPLY" ? [said] : [],
              usage: NO_USAGE,
              sessionId: ref.sessionId,
              durationMs: 0,
            },
            posts: [],
          });
          return undefined;
        });
        return lanes;
      }),
      provide(Sessions, async ({ use, platform }) =>
        createSessions({
          platform,
          store: await use(StoreToken),
          transcripts,
          config: await use(Config),
          events: { publish: () => {}, subscribe: () => () => {} },
          view: fakeView(),
          active: () => undefined,
        }),
      ),
      provide(Agents, ({ platform }) => fakeAgents(`${platform.paths.home}/ws`)),
      provide(Models, fakeModels),
      provide(ProviderQuotas, () => ({ known: undefined, read: async () => ({ updatedAt: 0, providers: [] }) })),
      provide(Outbound, fakeOutbound),
    ],
  };
  return world;
}

export const user = (content: string): Message => ({ role: "user", content, timestamp: 1 });
export const assistant = (text: string, more: Partial<AssistantMessage> = {}): AssistantMessage => ({
  role: "assistant",
  content: [{ type: "text", text }],
  timestamp: 1,
  api: "fake",
  provider: "fake",
  model: "fake-1",
  usage: NO_USAGE,
  stopReason: "stop",
  ...more,
});

function fakeTranscripts(): Transcripts {
  const files = new Map<string, MessageEntry[]>();
  const of = (sessionId: string) => files.get(sessionId) ?? [];
  return {
    path: ({ agentId, sessionId }: { agentId: string; sessionId: string }) => `/sessions/${agentId}/${sessionId}.jsonl`,
    append: async ({ sessionId }: { sessionId: string }, list: readonly { message: Message }[]) => {
      const entries = list.map(({ message }, i) => ({
        type: "message" as const,
        id: `e${of(sessionId).length + i}`,
        parentId: null,
        timestamp: new Date(0).toISOString(),
        message,
      }));
      files.set(sessionId, [...of(sessionId), ...entries]);
      return entries;
    },
    tail: async ({ sessionId }: { sessionId: string }, { maxEntries }: { maxEntries: number }) => ({
      entries: of(sessionId).slice(-maxEntries),
      hasMore: of(sessionId).length > maxEntries,
      damaged: 0,
    }),
    context: async ({ sessionId }: { sessionId: string }) => ({ entries: of(sessionId), hasMore: false, damaged: 0 }),
    archive: async ({ sessionId }: { sessionId: string }) =>
      files.delete(sessionId) ? `/sessions/${sessionId}.jsonl.deleted` : undefined,
  } as unknown as Transcripts;
}

function fakeView() {
  const view = {
    of: (row: { entry: object }) => ({ ...row.entry, model: "fake-1" }),
    defaults: () => ({}),
    levels: () => [],
  };
  return { ...view, ready: async () => view } as never;
}

function fakeAgents(workspace: string): AgentsService {
  const agent = (id: string) => ({
    id,
    name: id,
    isDefault: id === "main",
    workspace,
    identity: {},
    model: { fallbacks: [] },
  });
  const all = [agent("main"), agent("work")];
  return {
    list: () => all,
    get: (id: string) => all.find((one) => one.id === id),
    default: () => all[0],
    prepareWorkspace: async () => {},
  } as unknown as AgentsService;
}

function fakeModels(): ModelsService {
  return {
    defaultRef: () => "fake/fake-1",
    canonical: (ref: string) => ref,
    list: async () => [],
    resolve: async (ref: string) => {
      const [provider = "", id = ""] = ref.split("/");
      if (provider !== "fake")
        throw new Fault({
          code: "UNKNOWN_MODEL",
          message: `Unknown model: ${ref}`,
          remedy: "",
          status: 400,
          rpc: "INVALID_REQUEST",
          retryable: false,
        });
      return { provider, headers: {}, model: { id, input: ["text"] } };
    },
  } as unknown as ModelsService;
}

function fakeOutbound(): OutboundService {
  return { known: () => undefined, compose: () => [], wake: () => {} } as unknown as OutboundService;
}
