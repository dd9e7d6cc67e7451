/**
 * Work that follows an answer without anybody waiting for it: for each conversation one after the other, a few at
 * most. A process that ends leaves it.
 */

/** Of one conversation, the one under way included. */
const MOST = 4;

export class Trailing {
  readonly #lines = new Map<string, { line: Promise<void>; count: number }>();

  /** False when too much waits already. `work` must not reject. */
  begin(key: string, work: () => Promise<void>): boolean {
    const before = this.#lines.get(key) ?? { line: Promise.resolve(), count: 0 };
    if (before.count >= MOST) return false;
    before.count += 1;
    before.line = before.line.then(work).finally(() => {
      before.count -= 1;
      if (before.count === 0) this.#lines.delete(key);
    });
    this.#lines.set(key, before);
    return true;
  }

  /** Resolves when nothing is left. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#lines.values()].map(({ line }) => line));
  }
}
