/** Searches of transcripts, each in a thread of its own that ends with it: the gateway answers others meanwhile. */
import { Worker } from "node:worker_threads";
import { errorText } from "../../../base/errors.ts";
import { Limiter } from "../../../base/queue.ts";
import type { Clock } from "../../../base/time.ts";
import { errors } from "../errors.ts";
import type { SearchAnswer, SearchJob } from "./job.ts";
import { ROLE } from "./role.ts";

const AT_ONCE = 1;
const WAITING = 16;
/** A thread that does not keep its budget is ended this much later. */
const GRACE_MS = 5000;
const HEAP_MB = 256;

export class SearchHost {
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #places = new Limiter(AT_ONCE, WAITING);

  constructor(clock: Clock, closing: AbortSignal) {
    this.#clock = clock;
    this.#closing = closing;
  }

  /** Rejects with `SEARCH_BUSY`, `SEARCH_FAILED`, or the reason of the signal. */
  async search(job: SearchJob, signal: AbortSignal): Promise<SearchAnswer> {
    const leave = await this.#places.enter();
    if (leave === undefined) throw errors.SEARCH_BUSY();
    try {
      return await this.#inThread(job, AbortSignal.any([signal, this.#closing]));
    } finally {
      leave();
    }
  }

  async #inThread(job: SearchJob, signal: AbortSignal): Promise<SearchAnswer> {
    const { address } = await import("./entry.ts");
    signal.throwIfAborted();
    const worker = new Worker(new URL(address), {
      name: ROLE,
      workerData: { role: ROLE, job },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const { promise, resolve, reject } = Promise.withResolvers<SearchAnswer>();
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const cancel = this.#clock.timer(job.budgetMs + GRACE_MS, () =>
      reject(errors.SEARCH_FAILED({ reason: "it took too long" })),
    );
    worker.once("message", resolve);
    worker.once("error", (error) => reject(errors.SEARCH_FAILED({ reason: errorText(error) })));
    worker.once("exit", () => reject(errors.SEARCH_FAILED({ reason: "its thread ended" })));
    try {
      return await promise;
    } finally {
      cancel();
      signal.removeEventListener("abort", stop);
      await worker.terminate();
    }
  }
}
