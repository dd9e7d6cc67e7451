/** The answer of `sessions.list`. */
import type { MethodCall } from "../../../contracts/method.ts";
import { compact } from "../../../base/text.ts";
import type { SessionFilter } from "../../../store/index.ts";
import { Config } from "../../config/index.ts";
import { agentIds, defaultAgentId, storePath } from "../_methods-params.ts";
import { Sessions } from "../index.ts";

export interface ListQuestion {
  readonly limit?: number;
  readonly offset?: number;
  readonly activeMinutes?: number;
  readonly includeGlobal?: boolean;
  readonly includeUnknown?: boolean;
  readonly includeDerivedTitles?: boolean;
  readonly includeLastMessage?: boolean;
  readonly label?: string;
  readonly spawnedBy?: string;
  readonly agentId?: string;
  readonly search?: string;
  readonly sortBy?: string;
  readonly pinned?: boolean;
  readonly configuredAgentsOnly?: boolean;
  readonly archived?: boolean | "all";
  readonly excludeSubagents?: boolean;
}

/** Rows in one answer, so that it stays a fraction of what a socket takes. */
const MOST_ROWS = 10_000;

export async function list(call: MethodCall, question: ListQuestion) {
  const [sessions, config] = await Promise.all([call.use(Sessions), call.use(Config)]);
  const agents = config.current().at("agents.list");
  const agentId = question.agentId ?? defaultAgentId(agents);
  const limit = Math.min(question.limit ?? 100, MOST_ROWS);
  const offset = question.offset ?? 0;
  const { rows, total } = await sessions.list({ ...filterOf(question, agents), limit, offset });
  const shown = (await sessions.views(rows)).map((row) => trimmed(row, question));
  const nextOffset = offset + rows.length < total ? offset + rows.length : null;
  const several = question.agentId === undefined && agentIds(agents).length > 1;
  return {
    ts: call.platform.clock.now(),
    path: several ? "(multiple)" : await storePath(call, agentId),
    count: shown.length,
    totalCount: total,
    limitApplied: limit,
    offset,
    nextOffset,
    hasMore: nextOffset !== null,
    defaults: { ...(await sessions.defaults(agentId)) },
    owners: [],
    sessions: shown,
  };
}

function filterOf(question: ListQuestion, agents: unknown): Partial<SessionFilter> & { activeMinutes?: number } {
  const { agentId, activeMinutes, label, search, archived, spawnedBy, pinned, sortBy } = question;
  const without = [
    ...(question.includeGlobal === false ? (["global"] as const) : []),
    ...(question.includeUnknown === false ? (["unknown"] as const) : []),
    ...(question.excludeSubagents === true ? (["subagents"] as const) : []),
  ];
  return compact({
    agentId,
    activeMinutes,
    label,
    search,
    archived,
    spawnedBy,
    pinned,
    without,
    sortBy: sortBy === "createdAt" ? "createdAt" : undefined,
    agents: question.configuredAgentsOnly === true ? agentIds(agents) : undefined,
  }) as Partial<SessionFilter>;
}

/** Titles and previews only where they were asked for. */
function trimmed(row: Record<string, unknown>, question: ListQuestion): Record<string, unknown> {
  if (question.includeDerivedTitles !== true) delete row["derivedTitle"];
  if (question.includeLastMessage !== true) delete row["lastMessagePreview"];
  return row;
}
