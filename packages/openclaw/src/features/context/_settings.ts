/** Settings of this feature with their defaults, worked out once for each configuration. */
import { byteCount, durationMs } from "../../base/measure.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { PruneSettings } from "./_prune.ts";

export interface CompactionSettings {
  readonly mode: "default" | "safeguard";
  readonly reserveTokens?: number;
  readonly reserveTokensFloor: number;
  readonly keepRecentTokens?: number;
  readonly memoryFlush: {
    readonly enabled: boolean;
    readonly softThresholdTokens: number;
    readonly prompt?: string;
    readonly systemPrompt?: string;
    readonly model?: string;
  };
  readonly model?: string;
  readonly timeoutMs: number;
  readonly identifierPolicy: "strict" | "off" | "custom";
  readonly identifierInstructions?: string;
  readonly customInstructions?: string;
  /** How often a summary that lacks something is written again. */
  readonly qualityRetries: number;
  readonly midTurnPrecheck: boolean;
  readonly postCompactionSections: readonly string[];
  readonly postCompactionMaxChars: number;
  readonly truncateAfterCompaction: boolean;
  readonly maxActiveTranscriptBytes?: number;
  readonly notifyUser: boolean;
}

type Loose = Readonly<Record<string, unknown>>;

const compactions = new WeakMap<object, CompactionSettings>();
const prunings = new WeakMap<object, PruneSettings>();

export function compactionOf(config: ConfigSnapshot): CompactionSettings {
  return remembered(compactions, config, readCompaction);
}

export function pruningOf(config: ConfigSnapshot): PruneSettings {
  return remembered(prunings, config, readPruning);
}

function remembered<T>(known: WeakMap<object, T>, config: ConfigSnapshot, read: (config: ConfigSnapshot) => T): T {
  const before = known.get(config);
  if (before !== undefined) return before;
  const value = read(config);
  known.set(config, value);
  return value;
}

function readCompaction(config: ConfigSnapshot): CompactionSettings {
  const given = part(config.at("agents.defaults.compaction"));
  const limits = part(config.at("agents.defaults.contextLimits"));
  const bytes = byteCount(given["maxActiveTranscriptBytes"]);
  return {
    mode: "default",
    reserveTokensFloor: 20_000,
    identifierPolicy: "strict",
    postCompactionSections: ["Session Startup", "Red Lines"],
    truncateAfterCompaction: false,
    notifyUser: false,
    ...given,
    memoryFlush: { enabled: true, softThresholdTokens: 4000, ...part(given["memoryFlush"]) },
    timeoutMs: Number(given["timeoutSeconds"] ?? 900) * 1000,
    qualityRetries: qualityRetries(given),
    midTurnPrecheck: given["midTurnPrecheck"] === true || part(given["midTurnPrecheck"])["enabled"] === true,
    postCompactionMaxChars: Number(limits["postCompactionMaxChars"] ?? 1800),
    ...(bytes === undefined ? {} : { maxActiveTranscriptBytes: bytes }),
  } as CompactionSettings;
}

/** On with `safeguard` unless switched off; with `default` only when switched on. */
function qualityRetries(given: Loose): number {
  const guard = given["qualityGuard"];
  const on = guard === undefined ? given["mode"] === "safeguard" : isOn(guard);
  return on ? Number(part(guard)["maxRetries"] ?? 1) : 0;
}

function isOn(value: unknown): boolean {
  return value === true || (typeof value === "object" && value !== null && part(value)["enabled"] !== false);
}

function readPruning(config: ConfigSnapshot): PruneSettings {
  const given = part(config.at("agents.defaults.contextPruning"));
  return {
    mode: "adaptive",
    keepLastAssistants: 3,
    softTrimRatio: 0.3,
    hardClearRatio: 0.5,
    minPrunableToolChars: 50_000,
    ...given,
    softTrim: { maxChars: 4000, headChars: 1500, tailChars: 1500, ...part(given["softTrim"]) },
    hardClear: { enabled: true, placeholder: "[Old tool result content cleared]", ...part(given["hardClear"]) },
    ttlMs: durationMs(given["ttl"] ?? 5, "m") ?? 300_000,
  } as PruneSettings;
}

function part(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}
