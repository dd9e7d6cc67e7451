/** Questions that have ended: remembered for a while, so that a second answer hears so and a node can use the first. */
import type { Clock } from "../../base/time.ts";
import type { Approval, Outcome } from "./index.ts";

const KEPT_MS = 900_000;
const MAX_KEPT = 500;

export interface EndedQuestion {
  readonly approval: Approval;
  /** Of the act that was asked about; empty when it is not known any more. */
  readonly digest: string;
  readonly outcome: Outcome;
}

export class Ended {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly ended: EndedQuestion; readonly until: number; used: boolean }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(ended: EndedQuestion): void {
    const now = this.#clock.now();
    this.#kept.set(ended.approval.id, { ended, until: now + KEPT_MS, used: false });
    for (const [id, { until }] of this.#kept) {
      if (until > now && this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(id);
    }
  }

  exact(id: string): EndedQuestion | undefined {
    const kept = this.#kept.get(id);
    return kept !== undefined && kept.until > this.#clock.now() ? kept.ended : undefined;
  }

  /** By its whole id or a unique beginning. */
  find(id: string): EndedQuestion | undefined {
    const exact = this.exact(id);
    if (exact !== undefined || id.length < 4) return exact;
    const fitting = [...this.#kept.keys()].filter((known) => known.startsWith(id.toLowerCase()));
    return fitting.length === 1 ? this.exact(fitting[0] ?? "") : undefined;
  }

  /** False when it was used before. */
  use(id: string): boolean {
    const kept = this.#kept.get(id);
    if (kept === undefined || kept.used) return false;
    kept.used = true;
    return true;
  }
}
