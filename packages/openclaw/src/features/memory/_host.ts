/**
 * The thread that holds the indexes: begun with the first question, ended when none came for a while. When it dies,
 * what was asked is asked once more of a new one; everything that it does can be done again.
 */
import { Worker } from "node:worker_threads";
import type { Log } from "../../base/log.ts";
import type { Clock } from "../../base/time.ts";
import type { Answer, Failure, Place, Question, Task, Work } from "./_index/protocol.ts";
import { ROLE } from "./_index/role.ts";
import { errors } from "./errors.ts";

const IDLE_MS = 60_000;
/** Longest that one question may take. */
const LONGEST_MS: Readonly<Record<Task, number>> = {
  scan: 15 * 60_000,
  search: 15_000,
  pending: 60_000,
  keep: 60_000,
  prune: 5 * 60_000,
  status: 60_000,
};
const MOST_DEATHS = 3;
const DEATHS_WITHIN_MS = 60_000;
const HEAP_MB = 512;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly cancel: () => void;
}

/** The worker went away before it answered. */
class Gone extends Error {
  override readonly name = "Gone";
}

export interface HostDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Time without questions after which the thread ends; for tests. */
  readonly idleMs?: number;
}

export class IndexHost {
  readonly #deps: HostDeps;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #next = 1;
  #deaths: number[] = [];
  #cancelIdle = () => {};
  #closed = false;

  constructor(deps: HostDeps) {
    this.#deps = deps;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Rejects with `MEMORY_UNAVAILABLE`. */
  async ask<T extends Task>(
    task: T,
    place: Place,
    asked: Work[T]["asked"],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Work[T]["answer"]> {
    try {
      return (await this.#once(task, place, asked, transfer)) as Work[T]["answer"];
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
      if (this.#closed || transfer.length > 0 || this.#diesTooOften())
        throw errors.MEMORY_UNAVAILABLE({ path: place.path, reason: error.message });
      return (await this.#once(task, place, asked, []).catch((again: unknown) => {
        throw again instanceof Gone ? errors.MEMORY_UNAVAILABLE({ path: place.path, reason: again.message }) : again;
      })) as Work[T]["answer"];
    }
  }

  /** Lets the thread close its files and end. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  /** For tests: ends the thread in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #once<T extends Task>(
    task: T,
    place: Place,
    asked: Work[T]["asked"],
    transfer: readonly ArrayBuffer[],
  ): Promise<unknown> {
    const { address } = await import("./_index/entry.ts");
    if (this.#closed) throw new Gone("the gateway is stopping");
    this.#cancelIdle();
    const worker = (this.#worker ??= this.#begin(new URL(address)));
    worker.ref();
    const id = this.#next;
    this.#next += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancel = this.#deps.clock.timer(LONGEST_MS[task], () => {
      this.#deps.log.warn("the thread of the memory index does not answer; it is ended", { task });
      void worker.terminate();
    });
    this.#waiting.set(id, { resolve, reject: (error) => reject(failureOf(error, place)), cancel });
    const question: Question<T> = { id, task, place, asked };
    worker.postMessage(question, [...transfer]);
    return promise;
  }

  #begin(address: URL): Worker {
    const worker = new Worker(address, {
      name: ROLE,
      workerData: { role: ROLE },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.on("message", (answer: Answer) => this.#answered(answer));
    worker.on("error", (error) =>
      this.#deps.log.warn("the thread of the memory index failed", { error: error.message }),
    );
    worker.on("exit", () => this.#gone(worker));
    return worker;
  }

  #answered({ id, value, failure, notes }: Answer): void {
    for (const note of notes) this.#deps.log.warn(note);
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    waiting.cancel();
    if (failure) waiting.reject(failure);
    else waiting.resolve(value);
    if (this.#waiting.size > 0) return;
    this.#worker?.unref();
    this.#cancelIdle();
    this.#cancelIdle = this.#deps.clock.timer(this.#deps.idleMs ?? IDLE_MS, () => {
      if (this.#waiting.size === 0) void this.#end();
    });
  }

  #gone(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    if (this.#waiting.size > 0) this.#deaths.push(this.#deps.clock.monotonic());
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { cancel, reject } of waiting) {
      cancel();
      reject(new Gone("its thread ended"));
    }
  }

  async #end(): Promise<void> {
    this.#cancelIdle();
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = undefined;
    for (const { cancel, reject } of this.#waiting.values()) {
      cancel();
      reject(new Gone("the gateway is stopping"));
    }
    this.#waiting.clear();
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.ref();
    worker.postMessage("end", []);
    await ended;
  }

  #diesTooOften(): boolean {
    const since = this.#deps.clock.monotonic() - DEATHS_WITHIN_MS;
    this.#deaths = this.#deaths.filter((at) => at > since);
    return this.#deaths.length >= MOST_DEATHS;
  }
}

function failureOf(error: unknown, { path }: Place): unknown {
  if (error instanceof Gone) return error;
  const { message } = error as Failure;
  return errors.MEMORY_UNAVAILABLE({ path, reason: message });
}
