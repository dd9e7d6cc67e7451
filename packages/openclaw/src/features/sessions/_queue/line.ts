/** The line of one session: what waits, what runs, and who goes first. Only memory; everything in it stands in rows. */
import type { QueueMode, TurnRow } from "../../../store/index.ts";
import { mayJoin } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { choose, dueAt } from "./pick.ts";
import type { Choice } from "./pick.ts";
import { DEFAULTS } from "./settings.ts";
import type { QueueSettings } from "./settings.ts";

export interface Running {
  readonly entry: Entry;
  readonly controller: AbortController;
  /** Turns that became part of it. */
  readonly taken: string[];
  /** Its outcome is known; what follows it only holds the lane. */
  settled: boolean;
  /** Somebody executes it; else only its row is written or waited for. */
  working: boolean;
  /** When `working` last changed. */
  since: number;
}

/** What a message that joins the line does to the others. */
export interface Joined {
  /** Turns that leave the line with an outcome; may be the message itself. */
  readonly gone: readonly Entry[];
  readonly reason: string;
  /** Stops the run under way. */
  readonly interrupts: boolean;
}

const NOBODY: Joined = { gone: [], reason: "", interrupts: false };
const STEERING: readonly (QueueMode | undefined)[] = ["steer", "steer-backlog", "queue"];

export class Line {
  readonly key: string;
  readonly waiting: Entry[] = [];
  running: Running | undefined;
  settings: QueueSettings = DEFAULTS;
  /** When the last run ended. */
  freeAt = 0;
  /** It has asked for a place. */
  asking = false;
  cancelTimer: () => void = () => {};

  constructor(key: string) {
    this.key = key;
  }

  begin(entry: Entry, taken: string[], now: number): AbortSignal {
    const controller = new AbortController();
    this.running = { entry, controller, taken, settled: false, working: false, since: now };
    return controller.signal;
  }

  has(id: string): boolean {
    return this.running?.entry.id === id || this.waiting.some((entry) => entry.id === id);
  }

  /** A turn that is no message goes to the end. */
  append(entry: Entry): void {
    entry.during = this.#isBusy();
    this.waiting.push(entry);
  }

  /** A message takes its place; `settings.mode` is its own. */
  join(entry: Entry, settings: QueueSettings): Joined {
    this.settings = settings;
    entry.during = this.#isBusy();
    if (settings.mode === "interrupt") return this.#interrupt(entry);
    const talk = this.waiting.filter(isWaitingTalk);
    const surplus = talk.length + 1 - settings.cap;
    if (surplus > 0 && settings.drop === "new") return { ...NOBODY, gone: [entry], reason: "queue-full" };
    this.waiting.push(entry);
    if (surplus <= 0 || settings.drop !== "old") return NOBODY;
    return { ...NOBODY, gone: this.takeOut(talk.slice(0, surplus)), reason: "queue-full" };
  }

  /** The newest message runs next, alone. Nobody is interrupted by somebody with less authority. */
  #interrupt(entry: Entry): Joined {
    const gone = this.takeOut(this.waiting.filter(({ mode, rank }) => mode !== undefined && rank >= entry.rank));
    this.waiting.push(entry);
    const interrupts = this.running === undefined || this.running.entry.rank >= entry.rank;
    if (!interrupts) entry.mode = "followup";
    return { gone, reason: "aborted", interrupts };
  }

  /** What was under way goes on first, unless a message should have interrupted it: then it is returned, with the others. */
  takeUp(): readonly Entry[] {
    this.waiting.sort((a, b) => Number(b.begun) - Number(a.begun));
    const at = this.waiting.findLastIndex(({ mode, begun }) => mode === "interrupt" && !begun);
    const newest = this.waiting[at];
    if (!newest) return [];
    const before = this.waiting.slice(0, at);
    return this.takeOut(before.filter(({ mode, begun, rank }) => (begun || mode !== undefined) && rank >= newest.rank));
  }

  /** Messages that the run under way is told at its next boundary. */
  joining(): readonly Entry[] {
    const { running } = this;
    if (!running || running.settled) return [];
    const joining = this.waiting.filter((entry) => STEERING.includes(entry.mode) && mayJoin(entry, running.entry));
    // `queue` tells one message at each boundary.
    const one = joining.findIndex(({ mode }) => mode === "queue");
    return one < 0 ? joining : joining.slice(0, one + 1);
  }

  /** How long the first in line still waits for quiet. */
  waitMs(now: number): number {
    return dueAt(this.waiting, this.settings, { now, freeAt: this.freeAt }) - now;
  }

  choose(): Choice | undefined {
    return choose(this.waiting, this.settings);
  }

  /** Whether the run of this entry is executed, from now on. */
  works(entry: Entry, working: boolean, now: number): void {
    if (this.running?.entry === entry) Object.assign(this.running, { working, since: now });
  }

  /** The run is over. A message that came after its end need not wait for quiet. */
  free(now: number, ended: TurnRow | undefined): void {
    this.running = undefined;
    this.freeAt = now;
    for (const entry of this.waiting) if (entry.arrivedAt > (ended?.endedAt ?? now)) entry.during = false;
  }

  /** Takes entries out; returns those that stood in the line. */
  takeOut(entries: readonly Entry[]): Entry[] {
    return entries.filter((entry) => {
      const at = this.waiting.indexOf(entry);
      if (at >= 0) this.waiting.splice(at, 1);
      return at >= 0;
    });
  }

  #isBusy(): boolean {
    return this.running?.settled === false || this.waiting.some(({ during }) => during);
  }
}

function isWaitingTalk({ mode, begun }: Entry): boolean {
  return mode !== undefined && !begun;
}
