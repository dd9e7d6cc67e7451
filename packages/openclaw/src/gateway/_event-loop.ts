/**
 * How promptly this process gets to its work, between one look and the next. Watching wakes the process, so it
 * begins with the first look and ends when nobody has looked for a while.
 */
import { monitorEventLoopDelay, performance, type EventLoopUtilization, type IntervalHistogram } from "node:perf_hooks";
import { cpuUsage } from "node:process";
import type { Clock } from "../base/time.ts";

export interface EventLoopFigures {
  readonly degraded: boolean;
  /** Since when without a break, Unix epoch milliseconds. */
  readonly degradedSinceMs: number | null;
  readonly reasons: readonly string[];
  /** The time that the figures are about. */
  readonly intervalMs: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** 0 = idle, 1 = never idle. */
  readonly utilization: number;
  /** Processor time by elapsed time: 1 = one core. */
  readonly cpuCoreRatio: number;
  readonly cpuBreakdown: { readonly userMs: number; readonly systemMs: number };
}

interface Watch {
  readonly delays: IntervalHistogram;
  readonly since: number;
  readonly usage: EventLoopUtilization;
  readonly cpu: NodeJS.CpuUsage;
}

const RESOLUTION_MS = 50;
const FORGOTTEN_MS = 120_000;
/** Beyond these a person notices. */
const SLOW_P99_MS = 200;
const SLOW_MAX_MS = 2000;
const BUSY = 0.95;

export class EventLoopWatch {
  readonly #clock: Clock;
  #watch: Watch | undefined;
  #degradedSince: number | null = null;
  #cancel = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Figures since the last call; zeros at the first. */
  look(): EventLoopFigures {
    const before = this.#watch;
    this.#watch = this.#begin(before?.delays);
    this.#cancel();
    this.#cancel = this.#clock.timer(FORGOTTEN_MS, () => this.stop());
    return before === undefined ? this.#told(NOTHING) : this.#told(figures(before, this.#watch));
  }

  stop(): void {
    this.#cancel();
    this.#watch?.delays.disable();
    this.#watch = undefined;
    this.#degradedSince = null;
  }

  #begin(known: IntervalHistogram | undefined): Watch {
    const delays = known ?? monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    const watch = {
      delays,
      since: this.#clock.monotonic(),
      usage: performance.eventLoopUtilization(),
      cpu: cpuUsage(),
    };
    if (known === undefined) delays.enable();
    return watch;
  }

  #told(measured: Measured): EventLoopFigures {
    const reasons = [
      ...(measured.delayP99Ms > SLOW_P99_MS || measured.delayMaxMs > SLOW_MAX_MS ? ["event_loop_delay"] : []),
      ...(measured.intervalMs > 1000 && measured.utilization > BUSY ? ["event_loop_utilization"] : []),
    ];
    const degraded = reasons.length > 0;
    this.#degradedSince = degraded ? (this.#degradedSince ?? this.#clock.now()) : null;
    return { degraded, degradedSinceMs: this.#degradedSince, reasons, ...measured };
  }
}

type Measured = Omit<EventLoopFigures, "degraded" | "degradedSinceMs" | "reasons">;

const NOTHING: Measured = {
  intervalMs: 0,
  delayP99Ms: 0,
  delayMaxMs: 0,
  utilization: 0,
  cpuCoreRatio: 0,
  cpuBreakdown: { userMs: 0, systemMs: 0 },
};

/** What lies between two looks; the delays begin anew. */
function figures(before: Watch, now: Watch): Measured {
  const elapsed = Math.max(1, now.since - before.since);
  const userMs = (now.cpu.user - before.cpu.user) / 1000;
  const systemMs = (now.cpu.system - before.cpu.system) / 1000;
  // The histogram counts the time from one tick to the next, which includes the resolution itself.
  const late = (nanoseconds: number) => rounded(Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS));
  const { delays } = before;
  const measured = {
    intervalMs: Math.round(elapsed),
    delayP99Ms: delays.count === 0 ? 0 : late(delays.percentile(99)),
    delayMaxMs: delays.count === 0 ? 0 : late(delays.max),
    utilization: rounded(performance.eventLoopUtilization(now.usage, before.usage).utilization),
    cpuCoreRatio: rounded((userMs + systemMs) / elapsed),
    cpuBreakdown: { userMs: rounded(userMs), systemMs: rounded(systemMs) },
  };
  delays.reset();
  return measured;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
