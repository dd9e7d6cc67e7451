import { errorText } from "../../base/errors.ts";
import type { Adapter } from "./_adapter.ts";

/** Rows are durable within this time, or as soon as so many have come together. */
const WITHIN_MS = 500;
const AT_MOST = 200;

/** Rows that are not worth a wait for the disk each: written in batches, in order. */
export class Journal<R> {
  readonly #adapter: Pick<Adapter, "writer" | "clock" | "log">;
  readonly #what: string;
  readonly #insert: (row: R) => void;
  #waiting: R[] = [];
  #cancel: (() => void) | undefined;

  constructor(adapter: Pick<Adapter, "writer" | "clock" | "log">, what: string, insert: (row: R) => void) {
    this.#adapter = adapter;
    this.#what = what;
    this.#insert = insert;
  }

  add(row: R): void {
    this.#waiting.push(row);
    if (this.#waiting.length >= AT_MOST) void this.flush();
    else this.#cancel ??= this.#adapter.clock.timer(WITHIN_MS, () => void this.flush());
  }

  /** Hands every waiting row to the writer: whatever is written or read after it finds them. Never rejects. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const rows = this.#waiting;
    this.#waiting = [];
    if (rows.length === 0) return;
    await this.#adapter.writer
      .write(() => {
        for (const row of rows) this.#insert(row);
      })
      .catch((error: unknown) =>
        this.#adapter.log.error(`${this.#what} were not written`, { rows: rows.length, reason: errorText(error) }),
      );
  }
}
