/**
 * Lanes: hop 6 of a message's way. One run at a time per session; caps over all sessions, by turns between them.
 *
 * 1. A turn for an idle session with a free place begins as it is stored.
 * 2. Any other waits in its session's line; a message waits as its queue mode says (`_queue/settings.ts`).
 * 3. The session asks for a place once the first in line may begin (`_queue/pick.ts`, `dueAt`).
 * 4. With the place it chooses what runs: one turn, or several messages as one (`choose`, `turns.merge`).
 * 5. Messages for the run under way are handed to it at its boundaries (`steering`, `steered`).
 *
 * A line is made of turn rows: what is here in memory is only their order, so a restart rebuilds it with `resume`.
 */
import { errorData, errorText } from "../../base/errors.ts";
import { patiently } from "../../base/patience.ts";
import type { Log } from "../../base/log.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Platform } from "../../contracts/service.ts";
import type { NewTurn, RunLane, Store, TurnResult, TurnRow } from "../../store/index.ts";
import { errors } from "./errors.ts";
import type { Execute, LanesService, LaneStop, StopListener } from "./index.ts";
import { broken, dropped, joined, tell } from "./_queue/endings.ts";
import { entryOf, isTalk, mayJoin } from "./_queue/entry.ts";
import type { Entry } from "./_queue/entry.ts";
import { mergedImages, mergedText } from "./_queue/merged.ts";
import { choose, dueAt } from "./_queue/pick.ts";
import type { Choice } from "./_queue/pick.ts";
import { DEFAULTS } from "./_queue/settings.ts";
import type { QueueSettings } from "./_queue/settings.ts";
import { Slots } from "./_queue/slots.ts";
import { TurnWaiters } from "./_waiters.ts";

const MAX_WAITING = 1000;
/** Runs that wait for each other, at most. */
const MAX_DEPTH = 8;

interface Running {
  readonly entry: Entry;
  readonly controller: AbortController;
  /** Turns that became part of it. */
  readonly taken: string[];
  /** Its outcome is known; what follows it only holds the lane. */
  settled: boolean;
}

interface Lane {
  readonly key: string;
  readonly waiting: Entry[];
  running: Running | undefined;
  settings: QueueSettings;
  /** When the last run ended. */
  freeAt: number;
  /** It has asked for a place. */
  asking: boolean;
  cancelTimer: () => void;
}

export interface LaneDeps {
  readonly platform: Platform;
  readonly store: Store;
  /** Runs at once over all sessions, by lane; read before each start. */
  readonly cap: (lane: RunLane) => number;
  /** How messages of this session wait, as things stand; the defaults when absent. */
  readonly settings?: (sessionKey: string, channel: string | undefined) => Promise<QueueSettings>;
  /** Hears of turns that end without a run. */
  readonly events?: EventBus;
  /** Aborts when the gateway stops. Turns under way stay open and are resumed by the next process. */
  readonly closing: AbortSignal;
}

export class SessionLanes implements LanesService {
  readonly #deps: LaneDeps;
  readonly #log: Log;
  readonly #lanes = new Map<string, Lane>();
  readonly #waiters: TurnWaiters;
  readonly #slots: Slots;
  readonly #stopListeners = new Set<StopListener>();
  #execute: Execute | undefined;
  #draining: (() => void) | undefined;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
    this.#log = deps.platform.log.for("lane");
    this.#waiters = new TurnWaiters(deps.store, deps.platform.clock);
    this.#slots = new Slots(deps.platform.clock, (lane) => deps.cap(lane.replace(/\d+$/, "") as RunLane));
  }

  executor(execute: Execute): void {
    this.#execute = execute;
  }

  onStop(listener: StopListener): () => void {
    this.#stopListeners.add(listener);
    return () => this.#stopListeners.delete(listener);
  }

  async submit(turn: NewTurn, inboxIds: readonly string[]): Promise<{ created: boolean; turn: TurnRow }> {
    const lane = this.#lanes.get(turn.sessionKey);
    if (lane && lane.waiting.length >= MAX_WAITING) throw errors.LANE_FULL({ key: turn.sessionKey, cap: MAX_WAITING });
    const leave = lane || !this.#runs() ? undefined : this.#slots.tryEnter(this.#laneName(turn));
    return leave ? this.#submitAndRun(turn, inboxIds, leave) : this.#queue(turn, inboxIds);
  }

  /** In an idle lane a turn is queued and begun in one step, so that there is one wait for the disk less. */
  async #submitAndRun(
    turn: NewTurn,
    inboxIds: readonly string[],
    leave: () => void,
  ): Promise<{ created: boolean; turn: TurnRow }> {
    const lane = this.#lane(turn.sessionKey);
    const controller = new AbortController();
    const entry = entryOf({ ...turn, state: "running", attempts: 1 }, this.#laneName(turn));
    lane.running = { entry, controller, taken: [], settled: false };
    const giveBack = () => {
      this.#free(lane, undefined);
      leave();
    };
    const outcome = await this.#deps.store.turns
      .submit(turn, inboxIds, this.#deps.platform.clock.now())
      .catch((error: unknown) => {
        giveBack();
        throw error;
      });
    if (outcome.created) {
      const run = this.#runs() ? this.#carryOut(outcome.turn, controller.signal) : Promise.resolve(undefined);
      this.#follow(lane, entry, run.finally(leave));
    } else giveBack();
    return outcome;
  }

  async #queue(turn: NewTurn, inboxIds: readonly string[]): Promise<{ created: boolean; turn: TurnRow }> {
    const { turns } = this.#deps.store;
    const settings = isTalk(turn) ? await this.#settings(turn.sessionKey, turn.replyTo?.address.channel) : undefined;
    const mode = settings && (turn.options.queue ?? settings.mode);
    const { queue: _, ...others } = turn.options;
    const options = mode === undefined ? others : { ...others, queue: mode };
    const outcome = await turns.submit({ ...turn, options }, inboxIds);
    if (!outcome.created) return outcome;
    const lane = this.#lane(turn.sessionKey);
    const entry = entryOf(outcome.turn, this.#laneName(turn));
    entry.during = lane.running?.settled === false || lane.waiting.some(({ during }) => during);
    if (settings) await this.#join(lane, entry, { ...settings, mode: mode ?? settings.mode });
    else lane.waiting.push(entry);
    this.#pump(lane);
    return outcome;
  }

  /** A message takes its place in the line; the policy decides who has to leave it. */
  async #join(lane: Lane, entry: Entry, settings: QueueSettings): Promise<void> {
    lane.settings = settings;
    if (settings.mode === "interrupt") return this.#interrupt(lane, entry);
    const talk = lane.waiting.filter(({ mode, begun }) => mode !== undefined && !begun);
    const isFull = talk.length >= settings.cap;
    if (isFull && settings.drop === "new") return this.#drop(lane.key, [entry], "queue-full");
    lane.waiting.push(entry);
    const surplus = talk.length + 1 - settings.cap;
    if (!isFull || settings.drop !== "old") return;
    await this.#drop(lane.key, this.#takeOut(lane, talk.slice(0, surplus)), "queue-full");
  }

  /** The newest message runs next, alone. Nobody is interrupted by somebody with less authority. */
  async #interrupt(lane: Lane, entry: Entry): Promise<void> {
    const { running } = lane;
    const gone = lane.waiting.filter(({ mode, rank }) => mode !== undefined && rank >= entry.rank);
    this.#takeOut(lane, gone);
    lane.waiting.push(entry);
    if (running && running.entry.rank >= entry.rank) running.controller.abort(new StopRequest("aborted"));
    else entry.mode = "followup";
    await this.#drop(lane.key, gone, "aborted");
  }

  async resume(): Promise<number> {
    const open = await this.#deps.store.turns.open();
    const now = this.#deps.platform.clock.now();
    for (const turn of open) {
      const lane = this.#lane(turn.sessionKey);
      lane.freeAt = now;
      lane.waiting.push(entryOf(turn, this.#laneName(turn)));
    }
    for (const lane of this.#lanes.values()) await this.#takeUp(lane, open);
    for (const lane of this.#lanes.values()) this.#pump(lane);
    return open.length;
  }

  /** What was under way goes on first, unless a message that should have interrupted it came before the end. */
  async #takeUp(lane: Lane, open: readonly TurnRow[]): Promise<void> {
    lane.waiting.sort((a, b) => Number(b.begun) - Number(a.begun));
    const newest = lane.waiting.findLast(({ mode }) => mode !== undefined);
    const channel = open.find(({ id }) => id === newest?.id)?.replyTo?.address.channel;
    if (newest) lane.settings = await this.#settings(lane.key, channel);
    const interrupting = lane.waiting.findLast(({ mode, begun }) => mode === "interrupt" && !begun);
    if (!interrupting) return;
    const before = lane.waiting.slice(0, lane.waiting.indexOf(interrupting));
    const gone = before.filter(({ mode, begun, rank }) => (begun || mode !== undefined) && rank >= interrupting.rank);
    await this.#drop(lane.key, this.#takeOut(lane, gone), "aborted");
  }

  async abort(
    what: { readonly sessionKey: string; readonly runId?: string },
    by: Principal,
    reason: string,
  ): Promise<string[]> {
    return [...(await this.stop(what, by, reason)).runs];
  }

  async stop(
    { sessionKey, runId }: { readonly sessionKey: string; readonly runId?: string },
    by: Principal,
    reason: string,
  ): Promise<LaneStop> {
    const lane = this.#lanes.get(sessionKey);
    const running = lane?.running;
    const isWanted = (id: string): boolean => runId === undefined || id === runId;
    const active = running && (isWanted(running.entry.id) || running.taken.some(isWanted)) ? running : undefined;
    active?.controller.abort(new StopRequest(reason));
    const waiting = lane
      ? this.#takeOut(
          lane,
          lane.waiting.filter(({ id }) => isWanted(id)),
        )
      : [];
    await this.#drop(sessionKey, waiting, reason);
    if (lane) this.#pump(lane);
    const runs = [...(active ? [active.entry.id] : []), ...waiting.map(({ id }) => id)];
    const children = runId === undefined ? await this.#stopChildren(sessionKey, by, reason) : 0;
    if (runs.length + children > 0)
      this.#log.info("stopped", { session: sessionKey, runs, children, by: `${by.kind}:${by.id}`, reason });
    return { runs, active: active?.entry.id, queued: waiting.length, children };
  }

  async #stopChildren(sessionKey: string, by: Principal, reason: string): Promise<number> {
    let children = 0;
    for (const listener of this.#stopListeners) {
      try {
        children += (await listener({ sessionKey, by, reason })) ?? 0;
      } catch (error) {
        this.#log.error("helpers could not be stopped", { session: sessionKey, error: errorText(error) });
      }
    }
    return children;
  }

  active(sessionKey: string): string | undefined {
    return this.#lanes.get(sessionKey)?.running?.entry.id;
  }

  wait(turnId: string, timeoutMs: number, signal?: AbortSignal): Promise<TurnRow | undefined> {
    return this.#waiters.wait(turnId, timeoutMs, signal);
  }

  async steering(sessionKey: string): Promise<readonly TurnRow[]> {
    const lane = this.#lanes.get(sessionKey);
    if (!lane?.running || lane.running.settled) return [];
    const { entry } = lane.running;
    const due = lane.waiting.filter(({ mode }) => mode === "steer" || mode === "steer-backlog" || mode === "queue");
    const joining = due.filter((one) => mayJoin(one, entry));
    // `queue` tells one message at each boundary.
    const one = joining.findIndex(({ mode }) => mode === "queue");
    const now = one < 0 ? joining : joining.slice(0, one + 1);
    const rows = await Promise.all(now.map(({ id }) => this.#deps.store.turns.get(id)));
    return rows.filter((row): row is TurnRow => row?.state === "queued");
  }

  async steered(ids: readonly string[], runId: string): Promise<void> {
    const { store, platform, events } = this.#deps;
    const lane = [...this.#lanes.values()].find(({ running }) => running?.entry.id === runId);
    const entries = lane?.waiting.filter(({ id }) => ids.includes(id)) ?? [];
    const kept = entries.filter(({ mode }) => mode === "steer-backlog");
    const done = entries.filter((entry) => !kept.includes(entry));
    const result = joined("steered", runId);
    const [ended] = await Promise.all([
      store.turns.settle(idsOf(done), { state: "done", at: platform.clock.now(), result }),
      kept.length > 0 ? store.turns.requeue(idsOf(kept), "followup") : undefined,
    ]);
    for (const entry of kept) entry.mode = "followup";
    if (!lane) return;
    const told = done.filter(({ id }) => ended.includes(id));
    this.#takeOut(lane, done);
    lane.running?.taken.push(...idsOf(told));
    tell(events, lane.key, told, result);
    for (const id of ended) await this.#ended(id);
  }

  counts(): { running: number; queued: number } {
    const all = [...this.#lanes.values()];
    return { running: all.filter((l) => l.running).length, queued: all.reduce((n, l) => n + l.waiting.length, 0) };
  }

  depth(sessionKey: string): number {
    return this.#lanes.get(sessionKey)?.waiting.length ?? 0;
  }

  async queueSettings(sessionKey: string, channel?: string): Promise<QueueSettings> {
    return this.#settings(sessionKey, channel);
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

  #settings(key: string, channel: string | undefined): Promise<QueueSettings> {
    return this.#deps.settings?.(key, channel) ?? Promise.resolve(DEFAULTS);
  }

  #lane(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (!lane) {
      const idle = { running: undefined, settings: DEFAULTS, freeAt: 0, asking: false, cancelTimer: () => {} };
      this.#lanes.set(key, (lane = { key, waiting: [], ...idle }));
    }
    return lane;
  }

  /**
   * The cap that a turn counts against. A run that another run waits for counts apart from that one, else the two
   * would wait for each other.
   */
  #laneName({ options }: NewTurn): string {
    if (options.lane !== "nested") return options.lane ?? "main";
    const asker = options.from && this.#lanes.get(options.from.sessionKey)?.running?.entry.lane;
    const depth = Number(/^nested(\d+)$/.exec(asker ?? "")?.[1] ?? 0) + 1;
    return `nested${Math.min(depth, MAX_DEPTH)}`;
  }

  /** Asks for a place for the first in line, when it may begin. An empty lane is forgotten. */
  #pump(lane: Lane): void {
    lane.cancelTimer();
    if (lane.running || lane.asking || !this.#runs()) return;
    const [head] = lane.waiting;
    if (!head) {
      if (this.#lanes.get(lane.key) === lane) this.#lanes.delete(lane.key);
      return;
    }
    const now = this.#deps.platform.clock.now();
    const wait = dueAt(lane.waiting, lane.settings, { now, freeAt: lane.freeAt }) - now;
    if (wait > 0) {
      lane.cancelTimer = this.#deps.platform.clock.timer(wait, () => this.#pump(lane));
      return;
    }
    lane.asking = true;
    this.#slots.enter(head.lane, (leave) => {
      lane.asking = false;
      this.#begin(lane, head.lane, leave);
    });
  }

  /** With a place: what came in the meantime counts too. */
  #begin(lane: Lane, place: string, leave: () => void): void {
    const choice = this.#runs() ? choose(lane.waiting, lane.settings) : undefined;
    if (!choice || choice.run.lane !== place) {
      leave();
      this.#pump(lane);
      return;
    }
    const parts = [choice.run, ...choice.takes, ...choice.lines];
    this.#takeOut(lane, parts);
    const taken = idsOf(parts).filter((id) => id !== choice.run.id);
    const controller = new AbortController();
    lane.running = { entry: choice.run, controller, taken, settled: false };
    this.#follow(lane, choice.run, this.#run(lane, choice, controller.signal).finally(leave));
  }

  /** Whether turns may start: not while the gateway stops or waits for quiet. */
  #runs(): boolean {
    return this.#execute !== undefined && !this.#draining && !this.#deps.closing.aborted;
  }

  /** Tells whoever waits what a turn came to, then starts the next of its lane. */
  #follow(lane: Lane, { id }: Entry, run: Promise<TurnResult | undefined>): void {
    const detail = { turn: id, session: lane.key };
    void run
      .catch((error: unknown) => {
        this.#log.error("a turn was left without an outcome", { ...detail, error: errorText(error) });
        return broken(errorData(error));
      })
      .then((result) => this.#ended(id, result))
      .then((row) => this.#free(lane, row?.endedAt));
  }

  /** Tells whoever waits. */
  async #ended(id: string, result?: TurnResult): Promise<TurnRow | undefined> {
    try {
      return await this.#waiters.ended(id, result);
    } catch (error) {
      this.#log.error("waiters were not told", { turn: id, error: errorText(error) });
      return undefined;
    }
  }

  /** A message that came when the run had ended already need not wait for quiet. */
  #free(lane: Lane, endedAt: number | undefined): void {
    lane.running = undefined;
    lane.freeAt = this.#deps.platform.clock.now();
    for (const entry of lane.waiting) if (entry.arrivedAt > (endedAt ?? lane.freeAt)) entry.during = false;
    this.#draining?.();
    this.#pump(lane);
  }

  async #run(lane: Lane, choice: Choice, signal: AbortSignal): Promise<TurnResult | undefined> {
    const { platform, closing } = this.#deps;
    const given = AbortSignal.any([signal, closing]);
    const turn = await patiently(platform.clock, given, () => this.#take(lane, choice));
    return turn && (await this.#carryOut(turn, signal));
  }

  /** The turn begins; messages that become part of it end in the same step. */
  async #take(lane: Lane, { run, takes, lines }: Choice): Promise<TurnRow | undefined> {
    const { turns } = this.#deps.store;
    const at = this.#deps.platform.clock.now();
    if (takes.length + lines.length === 0) return turns.begin(run.id, at);
    const rowsOf = async (entries: readonly Entry[]): Promise<TurnRow[]> =>
      (await Promise.all(entries.map(({ id }) => turns.get(id)))).filter((row) => row !== undefined);
    const [summarized, whole] = await Promise.all([
      rowsOf(lines),
      rowsOf(lines.includes(run) ? takes : [...takes, run]),
    ]);
    const result = joined("merged", run.id);
    const others = [...lines, ...takes].filter((entry) => entry !== run);
    const text = mergedText(summarized, whole);
    const turn = await turns.merge(run.id, { at, text, images: mergedImages(whole), takes: idsOf(others), result });
    tell(this.#deps.events, lane.key, others, result);
    for (const { id } of others) await this.#ended(id);
    return turn;
  }

  async #carryOut(turn: TurnRow, signal: AbortSignal): Promise<TurnResult | undefined> {
    const settled = (how: TurnResult): void => {
      const running = this.#lanes.get(turn.sessionKey)?.running;
      if (running?.entry.id === turn.id) running.settled = true;
      void this.#ended(turn.id, how);
    };
    if (!signal.aborted) return (await this.#execute?.(turn, signal, settled)) ?? undefined;
    const result = dropped((signal.reason as StopRequest).stopReason);
    await this.#end([turn.id], result);
    tell(this.#deps.events, turn.sessionKey, [entryOf(turn, "")], result);
    return undefined;
  }

  /** Ends turns that never ran. */
  async #drop(sessionKey: string, entries: readonly Entry[], reason: string): Promise<void> {
    if (entries.length === 0) return;
    const result = dropped(reason);
    await this.#end(idsOf(entries), result);
    tell(this.#deps.events, sessionKey, entries, result);
    for (const { id } of entries) await this.#ended(id);
  }

  async #end(ids: readonly string[], result: TurnResult): Promise<void> {
    await this.#deps.store.turns.settle(ids, { state: "aborted", at: this.#deps.platform.clock.now(), result });
  }

  /** Takes entries out of the line; returns those that stood in it. */
  #takeOut(lane: Lane, entries: readonly Entry[]): Entry[] {
    return entries.filter((entry) => {
      const at = lane.waiting.indexOf(entry);
      if (at >= 0) lane.waiting.splice(at, 1);
      return at >= 0;
    });
  }
}

function idsOf(entries: readonly Entry[]): string[] {
  return entries.map(({ id }) => id);
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
