/**
 * Lanes: hop 6 of a message's way. One run at a time per session; caps over all sessions, by turns between them.
 *
 * 1. A turn for an idle session with a free place begins as it is stored.
 * 2. Any other waits in its session's line; a message waits as its queue mode says (`_queue/line.ts`).
 * 3. The session asks for a place once the first in line may begin (`dueAt`).
 * 4. With the place it chooses what runs: one turn, or several messages as one (`choose`, `Outcomes.take`).
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
import type { Execute, LanesService, LaneStop, StopListener, UnderWay } from "./index.ts";
import { entryOf, idsOf, isTalk } from "./_queue/entry.ts";
import type { Entry } from "./_queue/entry.ts";
import { Line } from "./_queue/line.ts";
import { Outcomes, broken } from "./_queue/outcomes.ts";
import type { Choice } from "./_queue/pick.ts";
import { DEFAULTS } from "./_queue/settings.ts";
import type { QueueSettings } from "./_queue/settings.ts";
import { Slots } from "./_queue/slots.ts";

const MAX_WAITING = 1000;
/** Runs that wait for each other, at most. */
const MAX_DEPTH = 8;
/** A wait that is worth a line in the log. */
const LONG_WAIT_MS = 2000;

type Submitted = Promise<{ created: boolean; turn: TurnRow }>;
type Which = { readonly sessionKey: string; readonly runId?: string };

export interface LaneDeps {
  readonly platform: Platform;
  readonly store: Store;
  /** Runs at once over all sessions, by lane; read before each start. */
  readonly cap: (lane: RunLane) => number;
  /** How messages of this session wait, as things stand; the defaults when absent. */
  readonly settings?: (sessionKey: string, channel: string | undefined) => Promise<QueueSettings>;
  /** The envelope of a message, where it has one. */
  readonly header?: (row: TurnRow) => string | undefined;
  /** Hears of turns that end without a run. */
  readonly events?: EventBus;
  /** Aborts when the gateway stops. Turns under way stay open and are resumed by the next process. */
  readonly closing: AbortSignal;
}

export class SessionLanes implements LanesService {
  readonly #deps: LaneDeps;
  readonly #log: Log;
  readonly #lines = new Map<string, Line>();
  readonly #outcomes: Outcomes;
  readonly #slots: Slots;
  readonly #stopListeners = new Set<StopListener>();
  #execute: Execute | undefined;
  #draining: (() => void) | undefined;

  constructor(deps: LaneDeps) {
    const { platform, store, events, header = () => undefined } = deps;
    this.#deps = deps;
    this.#log = platform.log.for("lane");
    this.#outcomes = new Outcomes({ store, events, header, clock: platform.clock, log: this.#log });
    this.#slots = new Slots(platform.clock, (lane) => deps.cap(lane.replace(/\d+$/, "") as RunLane));
  }

  executor(execute: Execute): void {
    this.#execute = execute;
  }

  async submit(turn: NewTurn, inboxIds: readonly string[]): Submitted {
    const line = this.#lines.get(turn.sessionKey);
    if (line && line.waiting.length >= MAX_WAITING) throw errors.LANE_FULL({ key: turn.sessionKey, cap: MAX_WAITING });
    const leave = line || !this.#runs() ? undefined : this.#slots.tryEnter(this.#placeOf(turn));
    return leave ? this.#submitAndRun(turn, inboxIds, leave) : this.#queue(turn, inboxIds);
  }

  /** In an idle lane a turn is queued and begun in one step, so that there is one wait for the disk less. */
  async #submitAndRun(turn: NewTurn, inboxIds: readonly string[], leave: () => void): Submitted {
    const line = this.#line(turn.sessionKey);
    const entry = entryOf({ ...turn, state: "running", attempts: 1 }, this.#placeOf(turn));
    const signal = line.begin(entry, [], this.#deps.platform.clock.now());
    const giveBack = () => {
      this.#free(line, entry, undefined);
      leave();
    };
    const outcome = await this.#deps.store.turns
      .submit(turn, inboxIds, this.#deps.platform.clock.now())
      .catch((error: unknown) => {
        giveBack();
        throw error;
      });
    if (outcome.created) {
      const run = this.#runs() ? this.#carryOut(outcome.turn, entry, signal) : Promise.resolve(undefined);
      this.#follow(line, entry, run.finally(leave));
    } else giveBack();
    return outcome;
  }

  async #queue(turn: NewTurn, inboxIds: readonly string[]): Submitted {
    const settings = isTalk(turn) ? await this.queueSettings(turn.sessionKey, channelOf(turn)) : undefined;
    const mode = settings && (turn.options.queue ?? settings.mode);
    const { queue: _, ...others } = turn.options;
    const options = mode === undefined ? others : { ...others, queue: mode };
    const outcome = await this.#deps.store.turns.submit({ ...turn, options }, inboxIds);
    if (!outcome.created) return outcome;
    const line = this.#line(turn.sessionKey);
    const entry = entryOf(outcome.turn, this.#placeOf(turn));
    if (settings && mode) {
      const { gone, reason, interrupts } = line.join(entry, { ...settings, mode });
      if (interrupts) line.running?.controller.abort(new StopRequest("aborted"));
      await this.#outcomes.drop(line.key, gone, reason);
    } else line.append(entry);
    this.#pump(line);
    return outcome;
  }

  async resume(): Promise<number> {
    const open = await this.#deps.store.turns.open();
    const left = open.filter(({ id, sessionKey }) => !this.#lines.get(sessionKey)?.has(id));
    for (const [key, turns] of Map.groupBy(left, ({ sessionKey }) => sessionKey)) {
      const line = this.#line(key);
      line.freeAt = this.#deps.platform.clock.now();
      line.waiting.push(...turns.map((turn) => entryOf(turn, this.#placeOf(turn))));
      const newest = turns.findLast(({ options }) => options.queue !== undefined);
      if (newest) line.settings = await this.queueSettings(key, channelOf(newest));
      await this.#outcomes.drop(key, line.takeUp(), "aborted");
    }
    for (const line of this.#lines.values()) this.#pump(line);
    return left.length;
  }

  async abort(what: Which, by: Principal, reason: string): Promise<string[]> {
    return [...(await this.stop(what, by, reason)).runs];
  }

  async stop({ sessionKey, runId }: Which, by: Principal, reason: string): Promise<LaneStop> {
    const line = this.#lines.get(sessionKey);
    const isMeant = (id: string): boolean => runId === undefined || id === runId;
    const running = line?.running;
    const active = running && [running.entry.id, ...running.taken].some(isMeant) ? running : undefined;
    active?.controller.abort(new StopRequest(reason));
    const dropped = line?.takeOut(line.waiting.filter(({ id }) => isMeant(id))) ?? [];
    await this.#outcomes.drop(sessionKey, dropped, reason);
    if (line) this.#pump(line);
    const children = runId === undefined ? await this.#stopChildren({ sessionKey, by, reason }) : 0;
    const runs = [...(active ? [active.entry.id] : []), ...idsOf(dropped)];
    if (runs.length + children > 0)
      this.#log.info("stopped", { session: sessionKey, runs, children, by: `${by.kind}:${by.id}`, reason });
    return { runs, active: active?.entry.id, queued: dropped.length, children };
  }

  onStop(listener: StopListener): () => void {
    this.#stopListeners.add(listener);
    return () => this.#stopListeners.delete(listener);
  }

  async #stopChildren(stop: Parameters<StopListener>[0]): Promise<number> {
    let children = 0;
    for (const listener of this.#stopListeners) {
      try {
        children += (await listener(stop)) ?? 0;
      } catch (error) {
        this.#log.error("helpers could not be stopped", { session: stop.sessionKey, error: errorText(error) });
      }
    }
    return children;
  }

  active(sessionKey: string): string | undefined {
    return this.#lines.get(sessionKey)?.running?.entry.id;
  }

  wait(turnId: string, timeoutMs: number, signal?: AbortSignal): Promise<TurnRow | undefined> {
    return this.#outcomes.waiters.wait(turnId, timeoutMs, signal);
  }

  async steering(sessionKey: string): Promise<readonly TurnRow[]> {
    const joining = this.#lines.get(sessionKey)?.joining() ?? [];
    const rows = await Promise.all(joining.map(({ id }) => this.#deps.store.turns.get(id)));
    return rows.filter((row) => row?.state === "queued") as TurnRow[];
  }

  async steered(ids: readonly string[], runId: string): Promise<void> {
    const line = this.#lines.values().find(({ running }) => running?.entry.id === runId);
    if (!line) return;
    const entries = line.waiting.filter(({ id }) => ids.includes(id));
    const kept = entries.filter(({ mode }) => mode === "steer-backlog");
    const done = entries.filter((entry) => !kept.includes(entry));
    if (kept.length > 0) await this.#deps.store.turns.requeue(idsOf(kept), "followup");
    for (const entry of kept) entry.mode = "followup";
    const ended = await this.#outcomes.steered(line.key, done, runId);
    line.takeOut(done);
    line.running?.taken.push(...ended);
  }

  counts(): { running: number; queued: number } {
    const all = [...this.#lines.values()];
    return { running: all.filter((l) => l.running).length, queued: all.reduce((n, l) => n + l.waiting.length, 0) };
  }

  underWay(): readonly UnderWay[] {
    return [...this.#lines.values()].flatMap(({ key, running, waiting }) => {
      if (!running) return [];
      const { entry, working, since } = running;
      return [{ sessionKey: key, runId: entry.id, working, since, waiting: waiting.length }];
    });
  }

  release(sessionKey: string, runId: string): boolean {
    const line = this.#lines.get(sessionKey);
    const running = line?.running;
    if (!line || !running || running.working || running.entry.id !== runId) return false;
    running.controller.abort(new StopRequest("stuck"));
    this.#free(line, running.entry, undefined);
    return true;
  }

  depth(sessionKey: string): number {
    return this.#lines.get(sessionKey)?.waiting.length ?? 0;
  }

  queueSettings(sessionKey: string, channel?: string): Promise<QueueSettings> {
    return this.#deps.settings?.(sessionKey, channel) ?? Promise.resolve(DEFAULTS);
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

  #line(key: string): Line {
    const line = this.#lines.get(key) ?? new Line(key);
    this.#lines.set(key, line);
    return line;
  }

  /**
   * The cap that a turn counts against. A run that another run waits for counts apart from that one, else the two
   * would wait for each other.
   */
  #placeOf({ options }: NewTurn): string {
    if (options.lane !== "nested") return options.lane ?? "main";
    const asker = options.from && this.#lines.get(options.from.sessionKey)?.running?.entry.lane;
    const depth = Number(/^nested(\d+)$/.exec(asker ?? "")?.[1] ?? 0) + 1;
    return `nested${Math.min(depth, MAX_DEPTH)}`;
  }

  /** Asks for a place for the first in line, when it may begin. An empty line is forgotten. */
  #pump(line: Line): void {
    line.cancelTimer();
    if (line.running || line.asking || !this.#runs()) return;
    const [head] = line.waiting;
    if (!head) {
      if (this.#lines.get(line.key) === line) this.#lines.delete(line.key);
      return;
    }
    const wait = line.waitMs(this.#deps.platform.clock.now());
    if (wait > 0) {
      line.cancelTimer = this.#deps.platform.clock.timer(wait, () => this.#pump(line));
      return;
    }
    line.asking = true;
    this.#slots.enter(head.lane, (leave) => {
      line.asking = false;
      this.#begin(line, head.lane, leave);
    });
  }

  /** With a place: what came in the meantime counts too. */
  #begin(line: Line, place: string, leave: () => void): void {
    const choice = this.#runs() ? line.choose() : undefined;
    if (!choice || choice.run.lane !== place) {
      leave();
      this.#pump(line);
      return;
    }
    const { run, takes, lines } = choice;
    const parts = line.takeOut([...new Set([run, ...takes, ...lines])]);
    const signal = line.begin(
      run,
      idsOf(parts).filter((id) => id !== run.id),
      this.#deps.platform.clock.now(),
    );
    this.#follow(line, run, this.#run(line, choice, signal).finally(leave));
  }

  /** Whether turns may start: not while the gateway stops or waits for quiet. */
  #runs(): boolean {
    return this.#execute !== undefined && !this.#draining && !this.#deps.closing.aborted;
  }

  /** Tells whoever waits what a turn came to, then starts the next of its lane. */
  #follow(line: Line, entry: Entry, run: Promise<TurnResult | undefined>): void {
    const { id } = entry;
    void run
      .catch((error: unknown) => {
        const detail = { turn: id, session: line.key, error: errorText(error) };
        this.#log.error("a turn was left without an outcome", detail);
        return broken(errorData(error));
      })
      .then((result) => this.#outcomes.ended(id, result))
      .then((row) => this.#free(line, entry, row));
  }

  /** Nothing happens when the lane has been released meanwhile. */
  #free(line: Line, entry: Entry, ended: TurnRow | undefined): void {
    if (line.running?.entry !== entry) return;
    line.free(this.#deps.platform.clock.now(), ended);
    this.#draining?.();
    this.#pump(line);
  }

  async #run(line: Line, choice: Choice, signal: AbortSignal): Promise<TurnResult | undefined> {
    const { clock } = this.#deps.platform;
    const given = AbortSignal.any([signal, this.#deps.closing]);
    const turn = await patiently(clock, given, () => this.#outcomes.take(line.key, choice));
    const waited = clock.now() - choice.run.arrivedAt;
    if (waited > LONG_WAIT_MS) this.#log.debug(`queued for ${waited}ms`, { session: line.key, turn: choice.run.id });
    return turn && (await this.#carryOut(turn, choice.run, signal));
  }

  async #carryOut(turn: TurnRow, entry: Entry, signal: AbortSignal): Promise<TurnResult | undefined> {
    if (signal.aborted) {
      await this.#outcomes.drop(turn.sessionKey, [entry], (signal.reason as StopRequest).stopReason);
      return undefined;
    }
    const settled = (how: TurnResult): void => {
      const running = this.#lines.get(turn.sessionKey)?.running;
      if (running?.entry === entry) running.settled = true;
      void this.#outcomes.ended(turn.id, how);
    };
    const line = this.#lines.get(turn.sessionKey);
    const { clock } = this.#deps.platform;
    line?.works(entry, true, clock.now());
    try {
      return (await this.#execute?.(turn, signal, settled)) ?? undefined;
    } finally {
      line?.works(entry, false, clock.now());
    }
  }
}

function channelOf({ replyTo }: NewTurn): string | undefined {
  return replyTo?.address.channel;
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
