/**
 * Lanes: hop 6 of a message's way. One run at a time per session, in order of arrival; a global cap
 * over all sessions. A lane is made of turn rows: what is here in memory is only the order of ids,
 * so a restart rebuilds it with `resume`.
 */
import { errorData, errorText } from "../../base/errors.ts";
import { patiently } from "../../base/patience.ts";
import { Limiter } from "../../base/queue.ts";
import type { Log } from "../../base/log.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Platform } from "../../contracts/service.ts";
import type { NewTurn, Store, TurnResult, TurnRow } from "../../store/index.ts";
import { errors } from "./errors.ts";
import type { Execute, LanesService } from "./index.ts";
import { TurnWaiters } from "./_waiters.ts";

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

export class SessionLanes implements LanesService {
  readonly #deps: LaneDeps;
  readonly #log: Log;
  readonly #lanes = new Map<string, Lane>();
  readonly #waiters: TurnWaiters;
  readonly #limiter: Limiter;
  #execute: Execute | undefined;
  #draining: (() => void) | undefined;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
    this.#log = deps.platform.log.for("lane");
    this.#waiters = new TurnWaiters(deps.store, deps.platform.clock);
    this.#limiter = new Limiter(Math.max(1, deps.maxConcurrent()), Number.MAX_SAFE_INTEGER);
  }

  executor(execute: Execute): void {
    this.#execute = execute;
  }

  async submit(turn: NewTurn, inboxIds: readonly string[]): Promise<{ created: boolean; turn: TurnRow }> {
    const lane = this.#lanes.get(turn.sessionKey);
    if (lane && lane.waiting.length >= MAX_WAITING) throw errors.LANE_FULL({ key: turn.sessionKey, cap: MAX_WAITING });
    const leave = lane ? undefined : this.#freePlace();
    if (leave) return this.#submitAndRun(turn, inboxIds, leave);
    const outcome = await this.#deps.store.turns.submit(turn, inboxIds);
    if (outcome.created) {
      this.#lane(turn.sessionKey).waiting.push(turn.id);
      this.#pump(turn.sessionKey);
    }
    return outcome;
  }

  /** A place among the runs, when one can be had at once. */
  #freePlace(): (() => void) | undefined {
    if (!this.#runs()) return undefined;
    this.#limiter.resize(Math.max(1, this.#deps.maxConcurrent()));
    return this.#limiter.tryEnter();
  }

  /** In an idle lane a turn is queued and begun in one step, so that there is one wait for the disk less. */
  async #submitAndRun(
    turn: NewTurn,
    inboxIds: readonly string[],
    leave: () => void,
  ): Promise<{ created: boolean; turn: TurnRow }> {
    const lane = this.#lane(turn.sessionKey);
    const controller = new AbortController();
    lane.running = { id: turn.id, controller };
    const giveBack = () => {
      leave();
      this.#next(turn.sessionKey, lane);
    };
    const outcome = await this.#deps.store.turns
      .submit(turn, inboxIds, this.#deps.platform.clock.now())
      .catch((error: unknown) => {
        giveBack();
        throw error;
      });
    if (outcome.created) {
      const run = this.#runs() ? this.#carryOut(outcome.turn, controller.signal) : Promise.resolve(undefined);
      this.#follow(turn, lane, run.finally(leave));
    } else giveBack();
    return outcome;
  }

  async resume(): Promise<number> {
    const open = await this.#deps.store.turns.open();
    for (const turn of open) this.#lane(turn.sessionKey).waiting.push(turn.id);
    for (const key of new Set(open.map((turn) => turn.sessionKey))) this.#pump(key);
    return open.length;
  }

  async abort(
    { sessionKey, runId }: { readonly sessionKey: string; readonly runId?: string },
    by: Principal,
    reason: string,
  ): Promise<string[]> {
    const lane = this.#lanes.get(sessionKey);
    if (!lane) return [];
    const wanted = (id: string): boolean => runId === undefined || id === runId;
    const stopped = lane.waiting.filter(wanted);
    for (const id of stopped) lane.waiting.splice(lane.waiting.indexOf(id), 1);
    if (lane.running && wanted(lane.running.id)) {
      lane.running.controller.abort(new StopRequest(reason));
      stopped.unshift(lane.running.id);
    }
    for (const id of stopped) if (id !== lane.running?.id) await this.#drop(id, reason);
    this.#log.info("stopped", { session: sessionKey, runs: stopped, by: `${by.kind}:${by.id}`, reason });
    return stopped;
  }

  active(sessionKey: string): string | undefined {
    return this.#lanes.get(sessionKey)?.running?.id;
  }

  wait(turnId: string, timeoutMs: number, signal?: AbortSignal): Promise<TurnRow | undefined> {
    return this.#waiters.wait(turnId, timeoutMs, signal);
  }

  steering(_sessionKey: string): Promise<readonly TurnRow[]> {
    return Promise.resolve([]);
  }

  steered(_ids: readonly string[], _runId: string): Promise<void> {
    return Promise.resolve();
  }

  counts(): { running: number; queued: number } {
    const all = [...this.#lanes.values()];
    return { running: all.filter((l) => l.running).length, queued: all.reduce((n, l) => n + l.waiting.length, 0) };
  }

  async drain(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    let cancel = () => {};
    const quiet = new Promise<boolean>((resolve) => {
      this.#draining = () => {
        if (this.counts().running === 0) resolve(true);
      };
      this.#draining();
      if (timeoutMs > 0) cancel = this.#deps.platform.clock.timer(timeoutMs, () => resolve(false));
      if (signal.aborted) resolve(false);
      else signal.addEventListener("abort", () => resolve(false), { once: true });
    });
    try {
      return await quiet;
    } finally {
      cancel();
    }
  }

  #lane(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (!lane) this.#lanes.set(key, (lane = { waiting: [], running: undefined }));
    return lane;
  }

  /** Starts the next turn of a session unless one runs. An empty lane is forgotten. */
  #pump(key: string): void {
    const lane = this.#lanes.get(key);
    if (!lane || lane.running || !this.#runs()) return;
    const id = lane.waiting.shift();
    if (id === undefined) {
      this.#lanes.delete(key);
      return;
    }
    this.#limiter.resize(Math.max(1, this.#deps.maxConcurrent()));
    const controller = new AbortController();
    lane.running = { id, controller };
    this.#follow({ id, sessionKey: key }, lane, this.#run(id, controller.signal));
  }

  /** Whether turns may start: not while the gateway stops or waits for quiet. */
  #runs(): boolean {
    return this.#execute !== undefined && !this.#draining && !this.#deps.closing.aborted;
  }

  /** Tells whoever waits what a turn came to, then starts the next of its lane. */
  #follow(
    { id, sessionKey }: Pick<NewTurn, "id" | "sessionKey">,
    lane: Lane,
    run: Promise<TurnResult | undefined>,
  ): void {
    void run
      .catch((error: unknown) => {
        const detail = { turn: id, session: sessionKey, error: errorText(error) };
        this.#log.error("a turn was left without an outcome", detail);
        return withoutOutcome(error);
      })
      .then((result) => this.#tell(id, result))
      .finally(() => this.#next(sessionKey, lane));
  }

  async #tell(id: string, result: TurnResult | undefined): Promise<void> {
    await this.#waiters
      .ended(id, result)
      .catch((error: unknown) => this.#log.error("waiters were not told", { turn: id, error: errorText(error) }));
  }

  #next(key: string, lane: Lane): void {
    lane.running = undefined;
    this.#draining?.();
    this.#pump(key);
  }

  async #run(id: string, signal: AbortSignal): Promise<TurnResult | undefined> {
    const { store, platform, closing } = this.#deps;
    const leave = await this.#limiter.enter();
    try {
      if (!this.#runs()) return undefined;
      if (signal.aborted) return await this.#drop(id, (signal.reason as StopRequest).stopReason);
      const given = AbortSignal.any([signal, closing]);
      const turn = await patiently(platform.clock, given, () => store.turns.begin(id, platform.clock.now()));
      return turn && (await this.#carryOut(turn, signal));
    } finally {
      leave?.();
    }
  }

  async #carryOut(turn: TurnRow, signal: AbortSignal): Promise<TurnResult | undefined> {
    if (signal.aborted) return this.#drop(turn.id, (signal.reason as StopRequest).stopReason);
    const settled = (result: TurnResult) => void this.#tell(turn.id, result);
    return (await this.#execute?.(turn, signal, settled)) ?? undefined;
  }

  /** Ends a turn that never ran. */
  async #drop(id: string, reason: string): Promise<undefined> {
    const result = {
      status: "aborted",
      stopReason: reason,
      texts: [],
      usage: NO_USAGE,
      sessionId: "",
      durationMs: 0,
    } as const;
    await this.#deps.store.turns.finish(id, {
      state: "aborted",
      at: this.#deps.platform.clock.now(),
      result,
      posts: [],
    });
    await this.#waiters.ended(id);
  }
}

function withoutOutcome(error: unknown): TurnResult {
  const { code, message } = errorData(error);
  const ending = { status: "error", stopReason: "error", error: { code, message } } as const;
  return { ...ending, texts: [], usage: NO_USAGE, sessionId: "", durationMs: 0 };
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
