/**
 * Group commit. Writes that arrive within one turn of the event loop share one transaction and so one
 * fsync; where they are several, each stands in a savepoint, so that one that fails takes no other with it.
 */
import { errors } from "../errors.ts";
import type { Connection } from "./_connection.ts";
import { storeFailure } from "./_failure.ts";

interface Waiting {
  readonly run: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

export interface WriterLimits {
  /** Operations that may wait; more are refused with `STORE_BUSY`. */
  readonly waiting: number;
  /** Operations of one transaction, so that a flood does not hold the event loop. */
  readonly batch: number;
}

const LIMITS: WriterLimits = { waiting: 20_000, batch: 500 };

export class Writer {
  readonly #connection: Connection;
  readonly #limits: WriterLimits;
  #writes: Waiting[] = [];
  #reads: Waiting[] = [];
  #scheduled = false;
  #closed = false;

  constructor(connection: Connection, limits: WriterLimits = LIMITS) {
    this.#connection = connection;
    this.#limits = limits;
  }

  /** Resolves with the result of `operation` once it is on disk. Operations run in the order of submission. */
  write<T>(operation: () => T): Promise<T> {
    return this.#wait(this.#writes, operation);
  }

  /** Runs at once when nothing waits to be written, otherwise after it. */
  async read<T>(query: () => T): Promise<T> {
    if (this.#closed || this.#writes.length > 0) return this.#wait(this.#reads, query);
    try {
      return query();
    } catch (error) {
      throw storeFailure(error, this.#connection.path);
    }
  }

  /** Writes everything that waits and refuses what comes later. */
  close(): void {
    while (this.#writes.length > 0 || this.#reads.length > 0) this.#flush();
    this.#closed = true;
  }

  #wait<T>(line: Waiting[], run: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(errors.STORE_CLOSED());
    if (line.length >= this.#limits.waiting) {
      return Promise.reject(
        errors.STORE_BUSY({ path: this.#connection.path, reason: `${line.length} changes are waiting` }),
      );
    }
    return new Promise<T>((resolve, reject) => {
      line.push({ run, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
      if (this.#writes.length > 0 || this.#reads.length > 0) this.#schedule();
    });
  }

  #flush(): void {
    const batch = this.#writes.splice(0, this.#limits.batch);
    if (batch.length > 0) this.#commit(batch);
    if (this.#writes.length > 0) return;
    for (const { run, resolve, reject } of this.#reads.splice(0)) {
      try {
        resolve(run() as never);
      } catch (error) {
        reject(storeFailure(error, this.#connection.path));
      }
    }
  }

  #commit(batch: readonly Waiting[]): void {
    const settle: (() => void)[] = [];
    try {
      this.#connection.exec("BEGIN IMMEDIATE");
      if (batch.length === 1) settle.push(this.#only(batch[0]!));
      else for (const waiting of batch) settle.push(this.#attempt(waiting));
      this.#connection.exec("COMMIT");
    } catch (error) {
      this.#rollBack();
      const failure = storeFailure(error, this.#connection.path);
      for (const { reject } of batch) reject(failure);
      return;
    }
    for (const done of settle) done();
  }

  /** The transaction is its own: a failure takes nothing else with it. */
  #only({ run, resolve }: Waiting): () => void {
    const result = run();
    return () => resolve(result as never);
  }

  /** Returns how to settle the promise after the commit. Throws when the whole transaction is lost. */
  #attempt({ run, resolve, reject }: Waiting): () => void {
    this.#connection.run("SAVEPOINT operation");
    try {
      const result = run();
      this.#connection.run("RELEASE operation");
      return () => resolve(result as never);
    } catch (error) {
      if (!this.#connection.inTransaction) throw error;
      this.#connection.exec("ROLLBACK TO operation; RELEASE operation");
      const failure = storeFailure(error, this.#connection.path);
      return () => reject(failure);
    }
  }

  #rollBack(): void {
    if (!this.#connection.inTransaction) return;
    try {
      this.#connection.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself.
    }
  }
}
