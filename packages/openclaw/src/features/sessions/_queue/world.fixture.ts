/** A session lane on a real store, with runs that last until the test ends them. For tests. Fakes. */
import { quietLog } from "../../../../../../test/harness/log.ts";
import { systemRandom } from "../../../base/ids.ts";
import { systemClock } from "../../../base/time.ts";
import type { Clock } from "../../../base/time.ts";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { Principal, Role } from "../../../contracts/principal.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { NewTurn, QueueMode, Store, TurnOptions, TurnResult, TurnRow } from "../../../store/index.ts";
import { openSqliteStore } from "../../../store/sqlite/index.ts";
import { migrations } from "../../../store/tables.ts";
import { StopRequest, SessionLanes } from "../lane.ts";
import type { LaneDeps } from "../lane.ts";
import type { QueueSettings } from "./settings.ts";

export const KEY = "agent:main:main";

export interface Said {
  readonly id: string;
  readonly mode?: QueueMode;
  readonly key?: string;
  readonly chat?: string;
  readonly who?: string;
  readonly role?: Role;
  readonly text?: string;
  readonly images?: TurnRow["images"];
  readonly options?: TurnOptions;
  readonly at?: number;
}

export function principal(who = "ann", role: Role = "owner"): Principal {
  return { kind: "person", id: `sim:default:${who}`, role, scopes: [] };
}

/** A message of a person on a chat network. */
export function said({ id, mode, key = KEY, chat = "1", who, role, text = id, images, options, at }: Said): NewTurn {
  return {
    id,
    agentId: "main",
    sessionKey: key,
    principal: principal(who, role),
    text,
    replyTo: { address: { channel: "sim", account: "default", kind: "direct", chat } },
    options: { ...options, ...(mode === undefined ? {} : { queue: mode }) },
    createdAt: at ?? systemClock.now(),
    ...(images === undefined ? {} : { images }),
  };
}

export function outcome(status: TurnResult["status"] = "ok", stopReason = "stop"): TurnResult {
  return { status, stopReason, texts: [], usage: NO_USAGE, sessionId: "", durationMs: 0 };
}

export interface Ran {
  readonly row: TurnRow;
  readonly aborted: boolean;
}

export class World {
  readonly store: Store;
  readonly lanes: SessionLanes;
  readonly clock: Clock;
  /** What ran, in order of the beginning. */
  readonly began: TurnRow[] = [];
  readonly ended: Ran[] = [];
  readonly events: Readonly<Record<string, unknown>>[] = [];
  readonly #open = new Map<string, () => void>();
  /** Runs end by themselves. */
  quick = false;

  constructor(
    store: Store,
    settings: Partial<QueueSettings> = {},
    { clock = systemClock, ...deps }: Partial<LaneDeps> & { readonly clock?: Clock } = {},
  ) {
    this.store = store;
    this.clock = clock;
    this.lanes = new SessionLanes({
      platform: { clock, random: systemRandom, log: quietLog } as unknown as Platform,
      store,
      cap: () => 4,
      settings: async () => ({ mode: "collect", debounceMs: 0, cap: 20, drop: "summarize", ...settings }),
      events: { publish: (_name, payload) => void this.events.push(payload), subscribe: () => () => {} },
      closing: new AbortController().signal,
      ...deps,
    });
    this.lanes.executor((row, signal) => this.#execute(row, signal));
  }

  say(what: Said): Promise<{ created: boolean; turn: TurnRow }> {
    return this.lanes.submit(said({ at: this.clock.now(), ...what }), [`inbox-${what.id}`]);
  }

  /** Ends a run that is under way. */
  end(id: string): void {
    this.#open.get(id)?.();
  }

  async until(what: () => boolean): Promise<void> {
    const deadline = systemClock.monotonic() + 5000;
    while (!what()) {
      if (systemClock.monotonic() > deadline) throw new Error(`never came: ${what.toString()}`);
      await systemClock.sleep(1);
    }
  }

  /** Waits until a run is under way. */
  async runs(id: string): Promise<TurnRow> {
    await this.until(() => this.#open.has(id));
    return this.began.findLast((row) => row.id === id)!;
  }

  /** Ends whatever runs until nothing is left. */
  async finishAll(): Promise<void> {
    this.quick = true;
    for (const id of this.#open.keys()) this.end(id);
    await this.until(() => this.lanes.counts().running + this.lanes.counts().queued === 0);
  }

  async #execute(row: TurnRow, signal: AbortSignal): Promise<undefined> {
    this.began.push(row);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#open.set(row.id, resolve);
    if (this.quick) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    this.#open.delete(row.id);
    this.ended.push({ row, aborted: signal.aborted });
    const { reason } = signal as { reason?: unknown };
    const result = reason instanceof StopRequest ? outcome("aborted", reason.stopReason) : outcome();
    const state = signal.aborted ? "aborted" : "done";
    await this.store.turns.finish(row.id, { state, at: this.clock.now(), result, posts: [] });
    return undefined;
  }
}

export async function memoryStore(): Promise<Store> {
  return openSqliteStore({ path: ":memory:", migrations, clock: systemClock, log: quietLog });
}

export async function world(...[settings, deps]: Rest<ConstructorParameters<typeof World>>): Promise<World> {
  return new World(await memoryStore(), settings, deps);
}

type Rest<All extends readonly unknown[]> = All extends [unknown, ...infer Others] ? Others : never;

/** A FAKE clock that goes on only when it is told to. */
export class StandingClock implements Clock {
  #now = 1_000_000;
  #timers: { readonly at: number; readonly fire: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  timer(ms: number, fire: () => void): () => void {
    const timer = { at: this.#now + ms, fire };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((each) => each !== timer));
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.timer(ms, resolve));
  }

  /** How long until each timer fires. */
  get pending(): readonly number[] {
    return this.#timers.map(({ at }) => at - this.#now);
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { fire } of due) fire();
  }
}
