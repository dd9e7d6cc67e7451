/** How messages wait: the mode, the quiet time, how many, and what becomes of more. */
import type { QueueMode, SessionEntry } from "../../../store/index.ts";

export type DropPolicy = "old" | "new" | "summarize";

export interface QueueSettings {
  readonly mode: QueueMode;
  /** Quiet time after the last message before what waits is taken, ms. */
  readonly debounceMs: number;
  /** Messages that may wait. */
  readonly cap: number;
  readonly drop: DropPolicy;
}

export const DEFAULTS: QueueSettings = { mode: "collect", debounceMs: 1000, cap: 20, drop: "summarize" };

/** The section `messages.queue` as the file may have it. */
export interface QueueConfig {
  readonly mode?: string;
  readonly debounceMs?: number;
  readonly cap?: number;
  readonly drop?: string;
  readonly byChannel?: Readonly<Record<string, string>>;
  readonly debounceMsByChannel?: Readonly<Record<string, number>>;
}

/** What the session says goes first, then the channel, then the general settings. What cannot be read counts as absent. */
export function queueSettings(
  config: QueueConfig | undefined,
  channel: string | undefined,
  entry: Partial<SessionEntry> = {},
): QueueSettings {
  const here = channel ?? "";
  return {
    mode:
      parseMode(entry["queueMode"]) ?? parseMode(config?.byChannel?.[here]) ?? parseMode(config?.mode) ?? DEFAULTS.mode,
    debounceMs:
      first(0, entry["queueDebounceMs"], config?.debounceMsByChannel?.[here], config?.debounceMs) ??
      DEFAULTS.debounceMs,
    cap: first(1, entry["queueCap"], config?.cap) ?? DEFAULTS.cap,
    drop: parseDrop(entry["queueDrop"]) ?? parseDrop(config?.drop) ?? DEFAULTS.drop,
  };
}

const MODES: readonly string[] = ["collect", "steer", "followup", "steer-backlog", "interrupt", "queue"];

/** `steer+backlog` is another spelling. */
export function parseMode(value: unknown): QueueMode | undefined {
  if (typeof value !== "string") return undefined;
  const mode = value.trim().toLowerCase().replace("+", "-").replace("_", "-");
  return MODES.includes(mode) ? (mode as QueueMode) : undefined;
}

export function parseDrop(value: unknown): DropPolicy | undefined {
  return value === "old" || value === "new" || value === "summarize" ? value : undefined;
}

/** The first whole number of at least `min`. */
function first(min: number, ...values: readonly unknown[]): number | undefined {
  return values.find((value): value is number => Number.isInteger(value) && (value as number) >= min);
}
