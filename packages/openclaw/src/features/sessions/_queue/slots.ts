/**
 * The caps over all sessions: how many runs of each lane at once. First come, first served; a session has one
 * place in line at most, so that one with a thousand messages waits as long as one with a single one.
 */
import type { Clock } from "../../../base/time.ts";

type Grant = (leave: () => void) => void;

interface Cap {
  running: number;
  readonly line: Grant[];
}

/** How often caps are read again while somebody waits. */
const LOOK_MS = 1000;

export class Slots {
  readonly #clock: Clock;
  readonly #size: (lane: string) => number;
  readonly #caps = new Map<string, Cap>();
  #looking = false;

  /** `size` is read before each start, so that a change of the configuration counts at once. */
  constructor(clock: Clock, size: (lane: string) => number) {
    this.#clock = clock;
    this.#size = size;
  }

  /** A place that is free now and that nobody waits for. Call the returned function exactly once to leave. */
  tryEnter(lane: string): (() => void) | undefined {
    const cap = this.#cap(lane);
    return cap.line.length === 0 && cap.running < this.#sizeOf(lane) ? this.#take(lane, cap) : undefined;
  }

  /** Calls `grant` as soon as there is a place: now, or later. */
  enter(lane: string, grant: Grant): void {
    this.#cap(lane).line.push(grant);
    this.#admit(lane);
    this.#look();
  }

  #admit(lane: string): void {
    const cap = this.#cap(lane);
    while (cap.running < this.#sizeOf(lane)) {
      const grant = cap.line.shift();
      if (!grant) break;
      grant(this.#take(lane, cap));
    }
    if (cap.running === 0 && cap.line.length === 0) this.#caps.delete(lane);
  }

  #take(lane: string, cap: Cap): () => void {
    cap.running += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      cap.running -= 1;
      this.#admit(lane);
    };
  }

  /** A raised cap lets in those who wait, also while no run ends. */
  #look(): void {
    if (this.#looking || ![...this.#caps.values()].some(({ line }) => line.length > 0)) return;
    this.#looking = true;
    this.#clock.timer(LOOK_MS, () => {
      this.#looking = false;
      for (const lane of this.#caps.keys()) this.#admit(lane);
      this.#look();
    });
  }

  #cap(lane: string): Cap {
    let cap = this.#caps.get(lane);
    if (!cap) this.#caps.set(lane, (cap = { running: 0, line: [] }));
    return cap;
  }

  #sizeOf(lane: string): number {
    return Math.max(1, Math.floor(this.#size(lane)) || 1);
  }
}
