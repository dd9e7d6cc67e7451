/**
 * Lanes: hop 6 of a message's way. One run at a time per session, in order of arrival; a global cap
 * over all sessions. A lane is made of turn rows: what is here in memory is only the order of ids,
 * so a restart rebuilds it with `resume`.
 */
import { errorText } from "../../base/errors.ts";
import { Limiter } from "../../base/queue.ts";
import type { Platform } from "../../contracts/service.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import type { Store, TurnRow } from "../../store/index.ts";
import { errors } from "./errors.ts";
import type { LanesService } from "./index.ts";

const MAX_WAITING = 1000;

interface Lane {
  readonly waiting: string[];
  running: { readonly id: string; readonly controller: AbortController } | undefined;
}

export interface LaneDeps {
  readonly platform: Platform;
  readonly store: Store;
  /** Runs at once over all sessions, read before each start. */
  readonly maxConcurrent: () => number;
  /** Aborts when the gateway stops. Turns under way stay open and are resumed by the next process. */
  readonly closing: AbortSignal;
}

export function createLanes(deps: LaneDeps): LanesService {
  const { store, platform } = deps;
  const log = platform.log.for("lane");
  const lanes = new Map<string, Lane>();
  const waiters = new Map<string, Set<(row: TurnRow | undefined) => void>>();
  const limiter = new Limiter(Math.max(1, deps.maxConcurrent()), Number.MAX_SAFE_INTEGER);
  let execute: ((turn: TurnRow, signal: AbortSignal) => Promise<void>) | undefined;

  const laneOf = (key: string): Lane => {
    let lane = lanes.get(key);
    if (!lane) lanes.set(key, (lane = { waiting: [], running: undefined }));
    return lane;
  };

  const ended = async (id: string): Promise<void> => {
    const listeners = waiters.get(id);
    if (!listeners) return;
    waiters.delete(id);
    const row = await store.turns.get(id);
    for (const tell of listeners) tell(row);
  };

  const runOne = async (key: string, lane: Lane, id: string): Promise<void> => {
    const leave = await limiter.enter();
    const controller = lane.running?.controller;
    try {
      if (deps.closing.aborted || !controller || controller.signal.aborted || !execute) return;
      const turn = await store.turns.begin(id, platform.clock.now());
      if (turn) await execute(turn, controller.signal);
    } catch (error) {
      log.error("a turn ended without an outcome", { turn: id, session: key, error: errorText(error) });
    } finally {
      leave?.();
    }
  };

  const pump = (key: string): void => {
    const lane = lanes.get(key);
    if (!lane || lane.running || deps.closing.aborted || !execute) return;
    const id = lane.waiting.shift();
    if (id === undefined) {
      lanes.delete(key);
      return;
    }
    limiter.resize(Math.max(1, deps.maxConcurrent()));
    lane.running = { id, controller: new AbortController() };
    void runOne(key, lane, id)
      .then(() => ended(id))
      .catch((error: unknown) => log.error("waiters were not told", { turn: id, error: errorText(error) }))
      .finally(() => {
        lane.running = undefined;
        pump(key);
      });
  };

  const drop = async (id: string, reason: string): Promise<void> => {
    const now = platform.clock.now();
    const result = {
      status: "aborted",
      stopReason: reason,
      texts: [],
      usage: NO_USAGE,
      sessionId: "",
      durationMs: 0,
    } as const;
    await store.turns.finish(id, { state: "aborted", at: now, result, posts: [] });
    await ended(id);
  };

  return {
    async submit(turn, inboxIds) {
      const lane = lanes.get(turn.sessionKey);
      if (lane && lane.waiting.length >= MAX_WAITING)
        throw errors.LANE_FULL({ key: turn.sessionKey, cap: MAX_WAITING });
      const outcome = await store.turns.submit(turn, inboxIds);
      if (outcome.created) {
        laneOf(turn.sessionKey).waiting.push(turn.id);
        pump(turn.sessionKey);
      }
      return outcome;
    },
    async abort({ sessionKey, runId }, by, reason) {
      const lane = lanes.get(sessionKey);
      if (!lane) return [];
      const stopped: string[] = [];
      for (const id of lane.waiting.filter((waiting) => runId === undefined || waiting === runId)) {
        lane.waiting.splice(lane.waiting.indexOf(id), 1);
        await drop(id, reason);
        stopped.push(id);
      }
      const running = lane.running;
      if (running && (runId === undefined || running.id === runId)) {
        running.controller.abort(new StopRequest(reason));
        stopped.unshift(running.id);
      }
      log.info("stopped", { session: sessionKey, runs: stopped, by: `${by.kind}:${by.id}`, reason });
      return stopped;
    },
    active: (sessionKey) => lanes.get(sessionKey)?.running?.id,
    async wait(turnId, timeoutMs, signal) {
      let tell: (row: TurnRow | undefined) => void = () => {};
      const told = new Promise<TurnRow | undefined>((resolve) => (tell = resolve));
      const listeners = waiters.get(turnId) ?? new Set();
      waiters.set(turnId, listeners.add(tell));
      const row = await store.turns.get(turnId);
      if (row && row.state !== "queued" && row.state !== "running") tell(row);
      const cancel = platform.clock.timer(timeoutMs, () => tell(undefined));
      const stop = () => tell(undefined);
      signal?.addEventListener("abort", stop, { once: true });
      try {
        return await told;
      } finally {
        cancel();
        signal?.removeEventListener("abort", stop);
        listeners.delete(tell);
        if (listeners.size === 0 && waiters.get(turnId) === listeners) waiters.delete(turnId);
      }
    },
    executor(run) {
      execute = run;
    },
    async resume() {
      const open = await store.turns.open();
      for (const turn of open) laneOf(turn.sessionKey).waiting.push(turn.id);
      for (const key of new Set(open.map((turn) => turn.sessionKey))) pump(key);
      return open.length;
    },
    counts: () => {
      const all = [...lanes.values()];
      return { running: all.filter((l) => l.running).length, queued: all.reduce((n, l) => n + l.waiting.length, 0) };
    },
  };
}

/** The reason of an aborted run: somebody asked for it. */
export class StopRequest extends Error {
  readonly stopReason: string;
  constructor(stopReason: string) {
    super(`stopped: ${stopReason}`);
    this.name = "StopRequest";
    this.stopReason = stopReason;
  }
}
