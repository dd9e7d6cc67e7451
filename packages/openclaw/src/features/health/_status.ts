/** What `status` answers: sessions by agent with their use of the context, and work under way. */
import type { MethodCall } from "../../contracts/method.ts";
import { compact } from "../../base/text.ts";
import { SessionFilesToken } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { Channels } from "../channels/index.ts";
import { Config } from "../config/index.ts";
import { memorySlot } from "../memory/index.ts";
import { Lanes, Sessions, SystemEvents, parseKey, type SessionRow } from "../sessions/index.ts";
import { heartbeatOf } from "./_heartbeat-settings.ts";
import { Heartbeats } from "./index.ts";

const RECENT = 10;

interface Defaults {
  readonly model: string | null;
  readonly contextTokens: number | null;
}

export async function status(
  call: MethodCall,
  params: { readonly includeChannelSummary?: boolean; readonly includeCliProjection?: boolean },
) {
  const { platform, use } = call;
  const [config, agents, sessions, lanes, heartbeats, files] = await Promise.all([
    use(Config),
    use(Agents),
    use(Sessions),
    use(Lanes),
    use(Heartbeats),
    use(SessionFilesToken),
  ]);
  const current = config.current();
  const fallback = agents.default(current);
  const defaults: Defaults = {
    model: fallback.model.primary ?? null,
    contextTokens: numberAt(current.at("agents.defaults.contextTokens")),
  };
  const now = platform.clock.now();
  const byAgent = await Promise.all(
    agents.list(current).map(async (agent) => {
      const { rows, total } = await sessions.list({ agentId: agent.id, limit: RECENT });
      return {
        agentId: agent.id,
        path: files.index(agent.id),
        count: total,
        recent: rows.map((row) => sessionStatus(row, now, defaults)),
      };
    }),
  );
  const recent = byAgent.flatMap((agent) => agent.recent).sort((a, b) => b.updatedAt - a.updatedAt);
  const { running, queued } = lanes.counts();
  return {
    runtimeVersion: platform.version,
    heartbeat: {
      defaultAgentId: fallback.id,
      agents: agents.list(current).map((agent) => {
        const { enabled, every, everyMs } = heartbeatOf(current, agent, heartbeats.beating());
        return { agentId: agent.id, enabled, every, everyMs, waitingForRoute: false };
      }),
    },
    channelSummary: params.includeChannelSummary === false ? [] : await channelSummary(call),
    queuedSystemEvents: (await (await use(SystemEvents)).waiting()).map(({ text }) => text),
    sessions: {
      paths: byAgent.map(({ path }) => path),
      count: byAgent.reduce((sum, { count }) => sum + count, 0),
      defaults,
      recent: recent.slice(0, RECENT),
      byAgent,
    },
    tasks: {
      total: running + queued,
      active: running,
      terminal: 0,
      failures: 0,
      byStatus: { running, queued },
      byRuntime: {},
    },
    taskAudit: { total: 0, warnings: 0, errors: 0, byCode: {} },
    ...(params.includeCliProjection === true
      ? {
          cliProjection: cliProjection(
            fallback.id,
            byAgent.map(({ agentId }) => agentId),
            memorySlot(current),
          ),
        }
      : {}),
  };
}

function cliProjection(defaultId: string, ids: readonly string[], slot: string) {
  return {
    agents: { defaultId, ownership: "sole", selectionRequired: false, rows: ids.map((id) => ({ id })) },
    updateChannel: null,
    memoryPlugin: slot === "none" ? { enabled: false, slot: null } : { enabled: true, slot },
  };
}

function sessionStatus(row: SessionRow, now: number, defaults: Defaults) {
  const { entry } = row;
  const contextTokens = entry.contextTokens ?? defaults.contextTokens;
  const used = entry.totalTokens;
  const known = contextTokens !== null && used !== undefined && contextTokens > 0;
  return compact({
    agentId: row.agentId,
    key: row.key,
    kind: kindOf(row.key),
    sessionId: entry.sessionId,
    updatedAt: entry.updatedAt,
    age: now - entry.updatedAt,
    thinkingLevel: entry.thinkingLevel,
    verboseLevel: entry.verboseLevel,
    abortedLastRun: entry.abortedLastRun ?? false,
    inputTokens: entry.inputTokens,
    outputTokens: entry.outputTokens,
    cacheRead: entry.cacheRead,
    cacheWrite: entry.cacheWrite,
    totalTokens: used,
    totalTokensFresh: used !== undefined,
    remainingTokens: known ? Math.max(0, contextTokens - used) : null,
    percentUsed: known ? Math.min(100, Math.round((used / contextTokens) * 100)) : null,
    model: entry.modelOverride ?? entry.model ?? defaults.model,
    configuredModel: defaults.model,
    selectedModel: entry.modelOverride ?? null,
    contextTokens,
    runtime: "pi",
    flags: entry.thinkingLevel === undefined ? [] : [`think:${entry.thinkingLevel}`],
  });
}

function kindOf(key: string): string {
  if (key === "global" || key === "unknown") return key;
  const rest = parseKey(key)?.rest ?? "";
  return /(?:^|:)(?:group|channel):/.test(rest) ? "group" : "direct";
}

async function channelSummary({ use }: MethodCall): Promise<string[]> {
  const accounts = (await use(Channels)).status();
  return accounts.map(
    ({ label, account, state, problem }) =>
      `${label}${account === "default" ? "" : ` (${account})`}: ${problem ?? state}`,
  );
}

function numberAt(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
