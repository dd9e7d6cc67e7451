/**
 * The thread in which pictures are made smaller and documents are read: begun with the first question, ended when
 * none came for a minute. It does one thing at a time; what takes too long ends with the thread.
 */
import { Worker } from "node:worker_threads";
import type { Log } from "../../../base/log.ts";
import { Serial } from "../../../base/queue.ts";
import type { Clock } from "../../../base/time.ts";
import { TaskTrouble } from "./protocol.ts";
import type { Answer, Question, Task, Work } from "./protocol.ts";
import { ROLE } from "./role.ts";

const IDLE_MS = 60_000;
const LONGEST_MS: Readonly<Record<Task, number>> = { picture: 30_000, pdf: 60_000 };
/** Pictures that wait: more means that something is wrong, and each holds its bytes. */
const MOST_WAITING = 64;
const HEAP_MB = 512;
/** What a file may take of the memory of the whole process: buffers do not count as heap. */
const MOST_BYTES = 600 * 1024 * 1024;
const LOOK_MS = 200;

export interface HostDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Time without questions after which the thread ends; for tests. */
  readonly idleMs?: number;
  /** Longest time of one question; for tests. */
  readonly longestMs?: number;
  /** Bytes that one question may take; for tests. */
  readonly mostBytes?: number;
}

export class MediaThread {
  readonly #deps: HostDeps;
  readonly #turns = new Serial();
  #waiting = 0;
  #worker: Worker | undefined;
  #next = 1;
  #cancelIdle = () => {};
  #closed = false;

  constructor(deps: HostDeps) {
    this.#deps = deps;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Rejects with a `TaskTrouble`. */
  async ask<T extends Task>(task: T, asked: Work[T]["asked"]): Promise<Work[T]["answer"]> {
    if (this.#waiting >= MOST_WAITING) throw new TaskTrouble("unreadable", "too many files wait to be read");
    this.#waiting += 1;
    try {
      return await this.#turns.run(() => this.#once(task, asked));
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#rest();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelIdle();
    await this.#end();
  }

  async #once<T extends Task>(task: T, asked: Work[T]["asked"]): Promise<Work[T]["answer"]> {
    const { address } = await import("./entry.ts");
    if (this.#closed) throw new TaskTrouble("unreadable", "the gateway is stopping");
    this.#cancelIdle();
    const worker = (this.#worker ??= this.#begin(new URL(address)));
    worker.ref();
    const id = this.#next;
    this.#next += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Work[T]["answer"]>();
    const fail = (reason: string) => reject(new TaskTrouble("unreadable", reason));
    const said = (answer: Answer) => {
      if (answer.id !== id) return;
      if ("trouble" in answer) reject(new TaskTrouble(answer.trouble, answer.reason));
      else resolve(answer.value as Work[T]["answer"]);
    };
    const ended = () => fail("its thread ended");
    const longest = this.#deps.longestMs ?? LONGEST_MS[task];
    const cancel = this.#deps.clock.timer(longest, () => {
      fail(`it took longer than ${longest / 1000} s`);
      void this.#end();
    });
    const forget = this.#watchMemory(() => {
      fail("it takes too much memory");
      void this.#end();
    });
    worker.on("message", said);
    worker.once("exit", ended);
    try {
      const question: Question<T> = { id, task, asked };
      worker.postMessage(question, []);
      return await promise;
    } finally {
      cancel();
      forget();
      worker.off("message", said);
      worker.off("exit", ended);
    }
  }

  /** A small file can unfold into gigabytes. Tells once when the process has grown by too much. */
  #watchMemory(tooMuch: () => void): () => void {
    const { clock, mostBytes = MOST_BYTES } = this.#deps;
    const before = process.memoryUsage.rss();
    let cancel = () => {};
    const look = () => {
      if (process.memoryUsage.rss() - before > mostBytes) tooMuch();
      else cancel = clock.timer(LOOK_MS, look);
    };
    cancel = clock.timer(LOOK_MS, look);
    return () => cancel();
  }

  #begin(address: URL): Worker {
    const worker = new Worker(address, {
      name: ROLE,
      workerData: { role: ROLE },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.setMaxListeners(MOST_WAITING);
    worker.on("error", (error) => this.#deps.log.warn("the thread for media failed", { error: error.message }));
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }

  /** Nothing is asked: the process may end, and the thread ends after a while. */
  #rest(): void {
    this.#worker?.unref();
    this.#cancelIdle();
    this.#cancelIdle = this.#deps.clock.timer(this.#deps.idleMs ?? IDLE_MS, () => {
      if (this.#waiting === 0) void this.#end();
    });
  }

  /** Whoever asks next gets a new one. */
  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
