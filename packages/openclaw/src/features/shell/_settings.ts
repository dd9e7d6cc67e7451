/** How long a command may take and how much of it is shown: the call, then the environment, then the configuration. */
import type { Env } from "../../base/env.ts";
import type { ExecConfig } from "../policy/index.ts";
import type { ExecParams } from "./_plan.ts";

export interface Settings {
  /** Goes on in the background after this. */
  readonly yieldMs: number;
  /** Ended after this; 0 = never. */
  readonly timeoutMs: number;
  /** Remembered for this long after its end. */
  readonly keepMs: number;
  /** Characters of output in the result of a command that ended, and of one that still runs. */
  readonly maxText: number;
  readonly maxTail: number;
}

/** Room for sentences around the output within a result of 16,000 characters. */
const MAX_TEXT = 15_000;
const MAX_TAIL = 2000;
const KEEP_MS = [60_000, 10_800_000] as const;
/** Timers hold no more than this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function settingsOf(params: ExecParams, config: ExecConfig, env: Env): Settings {
  const wait = params.yieldMs ?? numberOf(env["PI_BASH_YIELD_MS"]) ?? config.backgroundMs;
  const [shortest, longest] = KEEP_MS;
  return {
    yieldMs: params.background === true ? 0 : Math.min(wait, MAX_TIMER_MS),
    timeoutMs: Math.min((params.timeout ?? config.timeoutSec) * 1000, MAX_TIMER_MS),
    keepMs: Math.min(Math.max(numberOf(env["PI_BASH_JOB_TTL_MS"]) ?? config.cleanupMs, shortest), longest),
    maxText: Math.min(numberOf(env["PI_BASH_MAX_OUTPUT_CHARS"]) ?? MAX_TEXT, MAX_TEXT),
    maxTail: Math.min(numberOf(env["OPENCLAW_BASH_PENDING_MAX_OUTPUT_CHARS"]) ?? MAX_TAIL, MAX_TEXT),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text.trim()) ? Number(text) : undefined;
}
