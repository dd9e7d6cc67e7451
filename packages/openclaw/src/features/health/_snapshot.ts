/** Collects what a health snapshot says. */
import { join } from "node:path";
import type { Platform, Use } from "../../contracts/service.ts";
import { Agents, type Agent } from "../agents/index.ts";
import { Channels, type AccountStatus } from "../channels/index.ts";
import { Sessions, type SessionRow } from "../sessions/index.ts";
import type { HealthSnapshot } from "./index.ts";

const RECENT = 5;

export interface RecentSessions {
  readonly path: string;
  readonly count: number;
  readonly recent: readonly { readonly key: string; readonly updatedAt: number; readonly age: number }[];
}

export async function takeSnapshot(use: Use, platform: Platform): Promise<HealthSnapshot> {
  const began = platform.clock.monotonic();
  const [agents, channels] = await Promise.all([use(Agents), use(Channels)]);
  const fallback = agents.default();
  const all = await Promise.all(agents.list().map((agent) => agentHealth(agent, use, platform)));
  const accounts = channels.status();
  return {
    ok: true,
    ts: platform.clock.now(),
    durationMs: Math.round(platform.clock.monotonic() - began),
    channels: channelHealth(accounts),
    channelOrder: [...new Set(accounts.map(({ channel }) => channel))],
    channelLabels: Object.fromEntries(accounts.map(({ channel, label }) => [channel, label])),
    heartbeatSeconds: 0,
    defaultAgentId: fallback.id,
    agents: all,
    sessions: all.find(({ agentId }) => agentId === fallback.id)?.sessions,
  };
}

/** What is said before anybody has looked. */
export function emptySnapshot(platform: Platform): HealthSnapshot {
  return {
    ok: true,
    ts: platform.clock.now(),
    durationMs: 0,
    channels: {},
    channelOrder: [],
    channelLabels: {},
    heartbeatSeconds: 0,
    defaultAgentId: "main",
    agents: [],
    sessions: { path: sessionsPath(platform, "main"), count: 0, recent: [] },
  };
}

export function sessionsPath(platform: Platform, agentId: string): string {
  return join(platform.paths.state, "agents", agentId, "sessions", "sessions.json");
}

async function agentHealth(agent: Agent, use: Use, platform: Platform) {
  const heartbeat = { enabled: false, every: "disabled", everyMs: null, prompt: "", target: "none", ackMaxChars: 300 };
  return {
    agentId: agent.id,
    isDefault: agent.isDefault,
    heartbeat,
    sessions: await recentSessions(agent.id, use, platform),
  };
}

async function recentSessions(agentId: string, use: Use, platform: Platform): Promise<RecentSessions> {
  const sessions = await use(Sessions);
  const { rows, total } = await sessions.list({ agentId, limit: RECENT });
  const now = platform.clock.now();
  return { path: sessionsPath(platform, agentId), count: total, recent: rows.map((row) => recent(row, now)) };
}

function recent(row: SessionRow, now: number) {
  const { updatedAt } = row.entry;
  return { key: row.key, updatedAt, age: now - updatedAt };
}

function channelHealth(accounts: readonly AccountStatus[]): Record<string, unknown> {
  const channels: Record<string, { configured: boolean; linked: boolean; accounts: Record<string, unknown> }> = {};
  for (const { channel, account, label: _, ...status } of accounts) {
    const entry = (channels[channel] ??= { configured: false, linked: false, accounts: {} });
    entry.configured ||= status.configured;
    entry.linked ||= status.state === "connected";
    entry.accounts[account] = status;
  }
  return channels;
}
