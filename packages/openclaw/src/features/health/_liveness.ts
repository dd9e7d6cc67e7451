/**
 * Whether runs that hold a session get on. One that has held it longer than `diagnostics.stuckSessionWarnMs` is
 *
 * - long_running: it is executed and shows what it does
 * - stalled: it is executed and has shown nothing for that long
 * - stuck: nobody executes it; only that is released, so that the session goes on
 *
 * The same finding about a run is told again after twice the time, then four times, and so on.
 */
import type { Log } from "../../base/log.ts";
import type { Clock } from "../../base/time.ts";
import type { UnderWay } from "../sessions/index.ts";
import type { Stability } from "./_stability.ts";

export type Standing = "long_running" | "stalled" | "stuck";

export interface LivenessCounts {
  readonly longRunning: number;
  readonly stalled: number;
  readonly stuck: number;
}

export interface LivenessDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly stability: Pick<Stability, "note">;
  readonly underWay: () => readonly UnderWay[];
  readonly release: (sessionKey: string, runId: string) => boolean;
  /** 0 = nothing is looked at. */
  readonly warnMs: () => number;
}

interface Known {
  /** When the run last showed what it does. */
  progressAt: number;
  standing: Standing | undefined;
  tellAgainAt: number;
}

/** Undefined for a run about which there is nothing to say. */
export function standingOf(
  { working, since }: Pick<UnderWay, "working" | "since">,
  { now, progressAt, warnMs }: { readonly now: number; readonly progressAt: number; readonly warnMs: number },
): Standing | undefined {
  if (now - since <= warnMs) return undefined;
  if (!working) return "stuck";
  return now - Math.max(since, progressAt) > warnMs ? "stalled" : "long_running";
}

export class Liveness {
  readonly #deps: LivenessDeps;
  readonly #known = new Map<string, Known>();
  #counts: LivenessCounts = { longRunning: 0, stalled: 0, stuck: 0 };

  constructor(deps: LivenessDeps) {
    this.#deps = deps;
  }

  /** The run showed something: words, a tool at work, its state. */
  progress(runId: string): void {
    const known = this.#known.get(runId);
    if (known) known.progressAt = this.#deps.clock.now();
  }

  /** As of the last look. */
  counts(): LivenessCounts {
    return this.#counts;
  }

  look(): void {
    const warnMs = this.#deps.warnMs();
    const runs = warnMs > 0 ? this.#deps.underWay() : [];
    const ids = new Set(runs.map(({ runId }) => runId));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    const standings = runs.map((run) => this.#lookAt(run, warnMs));
    const count = (wanted: Standing): number => standings.filter((standing) => standing === wanted).length;
    this.#counts = { longRunning: count("long_running"), stalled: count("stalled"), stuck: count("stuck") };
  }

  #lookAt(run: UnderWay, warnMs: number): Standing | undefined {
    const now = this.#deps.clock.now();
    const known = this.#known.get(run.runId) ?? { progressAt: 0, standing: undefined, tellAgainAt: 0 };
    this.#known.set(run.runId, known);
    const standing = standingOf(run, { now, progressAt: known.progressAt, warnMs });
    if (standing !== known.standing) known.tellAgainAt = 0;
    known.standing = standing;
    if (standing === undefined || now < known.tellAgainAt) return standing;
    known.tellAgainAt = now + (now - run.since);
    this.#tell(run, standing, { ageMs: now - run.since, silentMs: now - Math.max(run.since, known.progressAt) });
    return standing;
  }

  #tell(
    { sessionKey, runId, waiting }: UnderWay,
    standing: Standing,
    { ageMs, silentMs }: { readonly ageMs: number; readonly silentMs: number },
  ): void {
    const { log, stability, release } = this.#deps;
    const released = standing === "stuck" && release(sessionKey, runId);
    stability.note(`session.${standing}`, { ageMs, silentMs, queued: waiting, released });
    const facts = { session: sessionKey, run: runId, ageMs, silentMs, queued: waiting };
    if (standing === "long_running") log.debug("a run takes long and gets on", facts);
    else if (standing === "stalled") log.warn("a run has shown nothing for long", facts);
    else log.warn("a session was held by a run that nobody executes", { ...facts, released });
  }
}
