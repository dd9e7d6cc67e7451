/** What the configuration says about heartbeats, agent by agent. */
import { record } from "../../base/record.ts";
import { durationMs } from "../../base/measure.ts";
import type { Agent } from "../agents/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";

export interface HeartbeatSettings {
  readonly enabled: boolean;
  /** `30m`, `disabled`. */
  readonly every: string;
  readonly everyMs: number | null;
  readonly prompt: string;
  readonly target: string;
  readonly ackMaxChars: number;
}

const DEFAULT_EVERY = "30m";
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Agents with a heartbeat block of their own are the only ones; without any it is the default agent. */
export function heartbeatOf(config: ConfigSnapshot, agent: Agent, switchedOn: boolean): HeartbeatSettings {
  const list = record(config.at("agents"))["list"];
  const entries = Array.isArray(list) ? list.map(record) : [];
  const own = entries.find((entry) => entry["id"] === agent.id)?.["heartbeat"];
  const takesPart = entries.some((entry) => entry["heartbeat"] !== undefined) ? own !== undefined : agent.isDefault;
  const settings = { ...record(config.at("agents.defaults.heartbeat")), ...record(own) };
  const everyMs = durationMs(settings["every"] ?? DEFAULT_EVERY, "m") ?? 0;
  const enabled = switchedOn && takesPart && everyMs > 0;
  return {
    enabled,
    every: enabled ? spelled(everyMs) : "disabled",
    everyMs: enabled ? everyMs : null,
    prompt: String(settings["prompt"] ?? ""),
    target: String(settings["target"] ?? "last"),
    ackMaxChars: Number(settings["ackMaxChars"] ?? 300),
  };
}

function spelled(ms: number): string {
  const unit = (["h", "m", "s"] as const).find((name) => ms % (UNITS[name] ?? 1) === 0) ?? "ms";
  return `${ms / (UNITS[unit] ?? 1)}${unit}`;
}
