/** Bounded concurrency. Every queue has a cap; what does not fit is refused, never buffered without end. */

/** Runs tasks with at most `size` at once, first come first served, at most `waiting` in line. */
export class Limiter {
  #size: number;
  readonly #waiting: number;
  #running = 0;
  readonly #line: (() => void)[] = [];

  constructor(size: number, waiting: number) {
    this.#size = size;
    this.#waiting = waiting;
  }

  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#line.length;
  }

  /** Changes the cap; raising it wakes waiters at once. */
  resize(size: number): void {
    this.#size = size;
    while (this.#running < this.#size && this.#line.length > 0) this.#line.shift()?.();
  }

  /** Waits for a place; undefined when the line is full. Call the returned function exactly once to leave. */
  async enter(): Promise<(() => void) | undefined> {
    if (this.#running >= this.#size) {
      if (this.#line.length >= this.#waiting) return undefined;
      await new Promise<void>((resolve) => this.#line.push(resolve));
    }
    return this.#take();
  }

  /** A place that is free now; undefined when there is none. Call the returned function exactly once to leave. */
  tryEnter(): (() => void) | undefined {
    return this.#running < this.#size ? this.#take() : undefined;
  }

  #take(): () => void {
    this.#running += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#running -= 1;
      if (this.#running < this.#size) this.#line.shift()?.();
    };
  }
}

/** Runs tasks strictly one after another; a failed task does not stop the next. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T> | T): Promise<T> {
    const next = this.#last.then(task, task);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** One `Serial` per key; a key without work costs nothing. */
export class KeyedSerial {
  readonly #lanes = new Map<string, { serial: Serial; users: number }>();

  /** Whether something runs or waits under this key. */
  busy(key: string): boolean {
    return this.#lanes.has(key);
  }

  async run<T>(key: string, task: () => Promise<T> | T): Promise<T> {
    const lane = this.#lanes.get(key) ?? { serial: new Serial(), users: 0 };
    this.#lanes.set(key, lane);
    lane.users += 1;
    try {
      return await lane.serial.run(task);
    } finally {
      lane.users -= 1;
      if (lane.users === 0) this.#lanes.delete(key);
    }
  }
}
