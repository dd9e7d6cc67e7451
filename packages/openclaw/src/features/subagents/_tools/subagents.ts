/** The tool `subagents`. */
import { compact, cut } from "../../../base/text.ts";
import type { Static } from "../../../contracts/schema.ts";
import type { ToolBody, ToolContext, ToolResult } from "../../../contracts/tool.ts";
import type { SubagentRun } from "../../../store/index.ts";
import { findRun, shortOf } from "../_find-run.ts";
import { json } from "./json.ts";
import { nameOf } from "../_report.ts";
import { errors } from "../errors.ts";
import { Subagents } from "../index.ts";
import type { SubagentsService } from "../index.ts";
import type { subagentsParams } from "../tools.ts";

type Params = Static<typeof subagentsParams>;

const RECENT_MINUTES = 30;
const MOST_ROWS = 50;

export const subagentsTool: ToolBody<Params> = {
  preview: ({ action = "list", target, message }, { sessionKey }) => ({
    target: target === undefined ? `${action} ${sessionKey}` : `${action} ${target}`,
    exact: compact({ action, target, message, sessionKey }),
  }),

  async run(params, context) {
    const { action = "list" } = params;
    const service = await context.use(Subagents);
    const runs = await service.list(context.sessionKey);
    if (action === "list") return list(service, runs, params, context);
    if (params.target === undefined) throw errors.SUBAGENT_PARAM({ name: "target", action });
    return action === "kill" ? kill(service, runs, params.target, context) : steer(service, runs, params, context);
  },
};

function list(
  service: SubagentsService,
  runs: readonly SubagentRun[],
  { recentMinutes = RECENT_MINUTES }: Params,
  { platform }: ToolContext,
): ToolResult {
  const now = platform.clock.now();
  const rows = runs.map((run, i) => ({ run, row: rowOf(run, i + 1, now) }));
  const active = rows.filter(({ run }) => service.active(run)).map(({ row }) => row);
  const recent = rows
    .filter(({ run }) => !service.active(run) && (run.endedAt ?? 0) >= now - recentMinutes * 60_000)
    .map(({ row }) => row);
  return json({ status: "ok", action: "list", active: active.slice(0, MOST_ROWS), recent: recent.slice(0, MOST_ROWS) });
}

function rowOf(run: SubagentRun, index: number, now: number) {
  return compact({
    index,
    id: shortOf(run),
    runId: run.id,
    sessionKey: run.childKey,
    label: run.label,
    task: cut(run.task, 200),
    status: run.outcome?.status ?? "running",
    model: run.model,
    runtimeMs: (run.endedAt ?? now) - run.createdAt,
    endedAt: run.endedAt,
  });
}

async function kill(
  service: SubagentsService,
  runs: readonly SubagentRun[],
  target: string,
  { sessionKey, principal }: ToolContext,
): Promise<ToolResult> {
  if (/^(?:all|\*)$/i.test(target.trim())) {
    const killed = await service.stopOf(sessionKey, principal, "killed");
    return json({ status: "ok", action: "kill", target: "all", killed });
  }
  const run = findRun(runs, target);
  const killed = await service.kill(run, principal, "killed");
  if (killed === 0) return json({ status: "done", action: "kill", target, note: `${nameOf(run)} had ended already.` });
  return json({ status: "ok", action: "kill", target, label: nameOf(run), sessionKey: run.childKey, killed });
}

async function steer(
  service: SubagentsService,
  runs: readonly SubagentRun[],
  { target = "", message }: Params,
  { principal }: ToolContext,
): Promise<ToolResult> {
  if (message === undefined) throw errors.SUBAGENT_PARAM({ name: "message", action: "steer" });
  const run = findRun(runs, target);
  const runId = await service.tell(run, message, principal, "steer");
  return json({ status: "accepted", action: "steer", target, label: nameOf(run), sessionKey: run.childKey, runId });
}
