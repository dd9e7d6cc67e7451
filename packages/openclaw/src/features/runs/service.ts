import { errorData } from "../../base/errors.ts";
import { Once } from "../../base/once.ts";
import { Limiter } from "../../base/queue.ts";
import { Events } from "../../contracts/bus.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Models } from "../../models/index.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import { Agents, ContextReports } from "../agents/index.ts";
import { Approvals } from "../approvals/index.ts";
import { Config } from "../config/index.ts";
import { Outbound } from "../outbound/index.ts";
import { Policy } from "../policy/index.ts";
import { Lanes, Sessions, SystemEvents } from "../sessions/index.ts";
import { Context } from "../context/index.ts";
import { RunEmitter } from "./_record/emitter.ts";
import { RunFacts } from "./_record/facts.ts";
import { Trailing } from "./_reply/trailing.ts";
import { HistoryStreamTable } from "./_history/streams.ts";
import { Runs } from "./index.ts";
import type { RunEvent, RunsService, ToolOutcome } from "./index.ts";
import { HistoryStreams } from "./_service-tokens.ts";
import { errors } from "./errors.ts";
import type { RunDeps, run as Run } from "./run.ts";

export const services = [
  provide(Runs, makeRuns),
  provide(ContextReports, ({ use }) => ({
    of: async (sessionKey, principal) => (await use(Runs)).contextReport(sessionKey, principal),
  })),
  provide(HistoryStreams, async ({ use }) => new HistoryStreamTable(await use(Events))),
];

/** Side questions at once. */
const MAX_ASIDES = 4;
/** The loop is loaded by the first turn, or as soon as the start is surely over. */
const LOAD_AFTER_MS = 1000;

type Listener = (event: RunEvent) => void;

async function makeRuns({ use, platform, scope }: ServiceContext): Promise<RunsService> {
  const transcripts = await use(TranscriptsToken);
  const context = await use(Context);
  const trailing = new Trailing();
  // Their signal has told them by then.
  scope.add("what follows answers", () => trailing.settled());
  const deps: RunDeps = {
    platform,
    use,
    store: await use(StoreToken),
    context,
    contexts: context.conversations,
    config: await use(Config),
    agents: await use(Agents),
    sessions: await use(Sessions),
    lanes: await use(Lanes),
    systemEvents: await use(SystemEvents),
    models: await use(Models),
    policy: await use(Policy),
    approvals: await use(Approvals),
    outbound: await use(Outbound),
    events: await use(Events),
    log: platform.log.for("run"),
    trailing,
    closing: scope.signal,
  };
  let loading: Promise<{ readonly run: typeof Run }> | undefined;
  const loop = () => (loading ??= import("./run.ts"));
  scope.add(
    "run loop",
    platform.clock.timer(LOAD_AFTER_MS, () => void loop()),
  );
  const listeners = new Set<Listener>();
  const watchers = new Map<string, Set<Listener>>();
  const active = new Map<string, RunEmitter>();
  const publish = (event: RunEvent): void => {
    if (event.stream !== "call") for (const listener of listeners) listener(event);
    for (const listener of watchers.get(event.runId) ?? []) listener(event);
  };
  const watch = (runId: string, listener: Listener): (() => void) => {
    const those = watchers.get(runId) ?? new Set();
    watchers.set(runId, those.add(listener));
    return () => {
      those.delete(listener);
      if (those.size === 0 && watchers.get(runId) === those) watchers.delete(runId);
    };
  };

  const asides = new Limiter(MAX_ASIDES, 0);
  const toolCalls = new Once<ToolOutcome>(platform.clock);
  const service: RunsService = {
    snapshot: (sessionKey) => active.get(sessionKey)?.snapshot(),
    subscribe(listener, runId) {
      if (runId !== undefined) return watch(runId, listener);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    contextReport: async (sessionKey, principal) =>
      (await import("./_setup/context-report.ts")).contextReport(deps, sessionKey, principal),
    async aside(request) {
      const leave = asides.tryEnter();
      if (!leave) throw errors.ASIDE_BUSY();
      try {
        return await (await import("./_ask/aside.ts")).aside(deps, request);
      } finally {
        leave();
      }
    },
    inject: async (row, text) => (await import("./_history/inject.ts")).inject(deps, row, text),
    async trim(row, maxEntries) {
      const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
      const outcome = await transcripts.trim(ref, maxEntries);
      deps.contexts.forget(ref);
      return outcome;
    },
    async callTool(request) {
      const { callTool, onceKey } = await import("./_calls/tool-call.ts");
      return toolCalls.run(onceKey(request), () => callTool(deps, request));
    },
    async execute(turn, signal, settled) {
      const emitter = new RunEmitter(turn, {
        clock: platform.clock,
        publish,
        facts: new RunFacts(deps.store.runEvents, platform.clock, turn),
      });
      active.set(turn.sessionKey, emitter);
      try {
        const { run } = await loop();
        return await run(deps, turn, emitter, signal, (result) => {
          active.delete(turn.sessionKey);
          settled?.(result);
        });
      } catch (error) {
        // Whoever waits for the end is told one; a gateway that stops leaves the run to the next process.
        const ending = { error: errorData(error).message, startedAt: emitter.startedAt, endedAt: platform.clock.now() };
        if (!scope.signal.aborted) emitter.emit("lifecycle", { phase: "error", ...ending });
        throw error;
      } finally {
        if (active.get(turn.sessionKey) === emitter) active.delete(turn.sessionKey);
      }
    },
  };
  (await use(Lanes)).executor((turn, signal, settled) => service.execute(turn, signal, settled));
  return service;
}
