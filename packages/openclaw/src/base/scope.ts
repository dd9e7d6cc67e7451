/**
 * Lifetimes. Everything that must end is added to a Scope; closing runs the closers in reverse
 * order, awaits each, and gives up on one that exceeds the deadline.
 */
import type { Clock } from "./time.ts";

export type Closer = () => void | Promise<void>;

export interface CloseReport {
  /** Labels of closers that failed or did not finish in time. */
  readonly failed: readonly string[];
}

export class Scope {
  readonly #controller = new AbortController();
  readonly #closers: { label: string; close: Closer }[] = [];
  readonly label: string;
  readonly #clock: Clock;
  #closing: Promise<CloseReport> | undefined;

  constructor(clock: Clock, label: string) {
    this.#clock = clock;
    this.label = label;
  }

  /** Aborts at the moment closing begins. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get closed(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Registers something to end. On a scope that is already closing it is ended at once. */
  add(label: string, close: Closer): void {
    if (this.closed) {
      void this.#run({ label, close }, 5000);
      return;
    }
    this.#closers.push({ label, close });
  }

  /** A scope that ends with this one or earlier. */
  child(label: string): Scope {
    const child = new Scope(this.#clock, label);
    const entry = { label, close: async () => void (await child.close()) };
    if (this.closed) void child.close();
    else this.#closers.push(entry);
    child.add("detach", () => {
      const at = this.#closers.indexOf(entry);
      if (at >= 0 && !this.closed) this.#closers.splice(at, 1);
    });
    return child;
  }

  /** Ends everything, newest first. `deadlineMs` bounds each closer. Idempotent. */
  close(deadlineMs = 5000): Promise<CloseReport> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<CloseReport> {
    this.#controller.abort(new ScopeClosed(this.label));
    const failed: string[] = [];
    for (const entry of this.#closers.toReversed()) {
      if (!(await this.#run(entry, deadlineMs))) failed.push(entry.label);
    }
    this.#closers.length = 0;
    return { failed };
  }

  async #run(entry: { label: string; close: Closer }, deadlineMs: number): Promise<boolean> {
    let cancel = () => {};
    const late = new Promise<false>((resolve) => {
      cancel = this.#clock.timer(deadlineMs, () => resolve(false));
    });
    try {
      const work = Promise.resolve(entry.close()).then(() => true);
      return await Promise.race([work, late]);
    } catch {
      return false;
    } finally {
      cancel();
    }
  }
}

/** The reason an aborted scope gives. */
class ScopeClosed extends Error {
  constructor(label: string) {
    super(`${label} is closing`);
    this.name = "ScopeClosed";
  }
}
