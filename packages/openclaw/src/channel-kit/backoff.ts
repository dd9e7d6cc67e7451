import type { Random } from "../base/ids.ts";

/** Waits between attempts: doubling from `firstMs` to `capMs`, each shortened by up to half at random. */
export class Backoff {
  #attempts = 0;
  readonly #random: Random;
  readonly #firstMs: number;
  readonly #capMs: number;

  constructor(random: Random, options: { readonly firstMs?: number; readonly capMs?: number } = {}) {
    this.#random = random;
    this.#firstMs = options.firstMs ?? 1000;
    this.#capMs = options.capMs ?? 120_000;
  }

  /** Failures since the last success. */
  get attempts(): number {
    return this.#attempts;
  }

  reset(): void {
    this.#attempts = 0;
  }

  /** Milliseconds to wait now; at least `atLeastMs` (a server's retry-after). */
  next(atLeastMs = 0): number {
    const full = Math.min(this.#capMs, this.#firstMs * 2 ** Math.min(this.#attempts, 30));
    this.#attempts += 1;
    const share = (this.#random.bytes(1)[0] ?? 0) / 255;
    return Math.max(atLeastMs, Math.round(full * (1 - share / 2)));
  }
}
