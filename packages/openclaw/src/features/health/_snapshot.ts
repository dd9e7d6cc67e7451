/** Collects what a health snapshot says. */
import type { Platform, Use } from "../../contracts/service.ts";
import { SessionFilesToken, documentedFiles } from "../../store/index.ts";
import { Agents, type Agent } from "../agents/index.ts";
import { Channels, type AccountStatus, type ChannelProbe, type ChannelsService } from "../channels/index.ts";
import { Config } from "../config/index.ts";
import { Sessions, type SessionRow } from "../sessions/index.ts";
import { heartbeatOf } from "./_heartbeat-settings.ts";
import { Heartbeats, type HealthSnapshot } from "./index.ts";

const RECENT = 5;
const PROBE_MS = 8000;

export interface RecentSessions {
  readonly path: string;
  readonly count: number;
  readonly recent: readonly { readonly key: string; readonly updatedAt: number; readonly age: number }[];
}

/** With `probe` every connected account asks its network who it is. */
export async function takeSnapshot(use: Use, platform: Platform, probe: boolean): Promise<HealthSnapshot> {
  const began = platform.clock.monotonic();
  const [agents, channels] = await Promise.all([use(Agents), use(Channels)]);
  const fallback = agents.default();
  const all = await Promise.all(agents.list().map((agent) => agentHealth(agent, use, platform)));
  const accounts = channels.status();
  const probes = probe ? await probeAll(channels, accounts) : new Map<AccountStatus, ChannelProbe>();
  return {
    ok: true,
    ts: platform.clock.now(),
    durationMs: Math.round(platform.clock.monotonic() - began),
    channels: channelHealth(accounts, probes, platform.clock.now()),
    channelOrder: [...new Set(accounts.map(({ channel }) => channel))],
    channelLabels: Object.fromEntries(accounts.map(({ channel, label }) => [channel, label])),
    heartbeatSeconds: Math.round((all.find(({ isDefault }) => isDefault)?.heartbeat.everyMs ?? 0) / 1000),
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
    sessions: { path: documentedFiles(platform.paths.state).index("main"), count: 0, recent: [] },
  };
}

async function agentHealth(agent: Agent, use: Use, platform: Platform) {
  const [config, heartbeats] = await Promise.all([use(Config), use(Heartbeats)]);
  const heartbeat = heartbeatOf(config.current(), agent, heartbeats.beating());
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
  const path = (await use(SessionFilesToken)).index(agentId);
  return { path, count: total, recent: rows.map((row) => recent(row, now)) };
}

function recent(row: SessionRow, now: number) {
  const { updatedAt } = row.entry;
  return { key: row.key, updatedAt, age: now - updatedAt };
}

async function probeAll(
  channels: ChannelsService,
  accounts: readonly AccountStatus[],
): Promise<Map<AccountStatus, ChannelProbe>> {
  const probes = new Map<AccountStatus, ChannelProbe>();
  await Promise.all(
    accounts.map(async (status) => {
      const probe = await channels.probe(status.channel, status.account, PROBE_MS);
      if (probe) probes.set(status, probe);
    }),
  );
  return probes;
}

function channelHealth(
  accounts: readonly AccountStatus[],
  probes: ReadonlyMap<AccountStatus, ChannelProbe>,
  now: number,
): Record<string, unknown> {
  const channels: Record<string, { configured: boolean; linked: boolean; accounts: Record<string, unknown> }> = {};
  for (const given of accounts) {
    const { channel, account, label: _, ...status } = given;
    const probe = probes.get(given);
    const entry = (channels[channel] ??= { configured: false, linked: false, accounts: {} });
    entry.configured ||= status.configured;
    entry.linked ||= status.state === "connected";
    entry.accounts[account] = probe === undefined ? status : { ...status, probe, lastProbeAt: now };
  }
  return channels;
}
