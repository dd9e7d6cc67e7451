import { join } from "node:path";
import type { Env } from "../../base/env.ts";
import { infoNow, readText } from "../../base/files.ts";
import { redact } from "../../base/redact.ts";
import { cut } from "../../base/text.ts";
import { provide, type ServiceContext } from "../../contracts/service.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Tool } from "../../contracts/tool.ts";
import { StoreToken, type Store } from "../../store/index.ts";
import { Agents, type AgentsService } from "../agents/index.ts";
import { Config, type ConfigService } from "../config/index.ts";
import { groupTools } from "./_group-tools.ts";
import { parseApprovals, withApprovals } from "./_host-rules.ts";
import { askTerms } from "./_terms.ts";
import { decide } from "./decide.ts";
import { errors } from "./errors.ts";
import {
  Policy,
  ToolRegistry,
  type Act,
  type ActContext,
  type GateContext,
  type PolicyService,
  type Verdict,
} from "./index.ts";
import { agentTools, isSandboxed, isSubagent } from "./settings.ts";
import { namesOutright, resolveToolset, type Toolset } from "./toolset.ts";
import { toolsSection } from "./config.ts";

const MAX_APPROVALS = 1024 * 1024;

async function makePolicy({ use, platform }: ServiceContext): Promise<PolicyService> {
  const [tools, agents, config, store] = await Promise.all([
    use(ToolRegistry),
    use(Agents),
    use(Config),
    use(StoreToken),
  ]);
  const path = join(platform.paths.state, "exec-approvals.json");
  const read = async () => parseApprovals(await readText(path, MAX_APPROVALS).catch(() => ""));
  let approvals = await read();
  let seen: string | undefined;
  const refresh = async () => {
    approvals = await read();
  };
  /** The file is edited by people and other processes, and hardly ever. */
  const refreshIfChanged = () => {
    const state = stateOf(path);
    if (state !== undefined && state === seen) return;
    void refresh().then(() => (seen = state));
  };
  const warned = new Set<string>();

  return {
    refresh,
    toolset(context) {
      refreshIfChanged();
      const set = toolsetOf(tools, context, platform.env);
      for (const warning of set.warnings) {
        if (warned.size < 256 && !warned.has(warning)) platform.log.for("policy").warn(warning);
        warned.add(warning);
      }
      if (set.emptied) throw errors.TOOLSET_EMPTY({ agentId: context.agentId });
      return set.tools;
    },
    judge(act, context) {
      const explicit = context.exec.host !== "implicit" || act.preview.exact["host"] !== undefined;
      const who = { agentId: context.agentId, home: platform.paths.home };
      const { askFallback, ...host } = withApprovals(context.exec, explicit ? approvals : undefined, who);
      const full: GateContext = {
        ...context,
        ...host,
        workspace: workspaceOf(agents, context.agentId),
        state: platform.paths.state,
        configFile: platform.paths.config,
        granted: grantedTools(tools, config, context.agentId),
      };
      const judged = decide(act, full);
      const asks = judged.verdict === "ask" && act.effect === "exec";
      const verdict = asks ? { ...judged, terms: askTerms(act, full, askFallback) } : judged;
      record(store, { at: platform.clock.now(), act, context, verdict });
      return verdict;
    },
  };
}

/** What tells one version of a file from another; undefined when it cannot be looked at. */
function stateOf(path: string): string | undefined {
  try {
    const now = infoNow(path);
    return now === undefined ? "missing" : `${now.mtimeMs} ${now.size}`;
  } catch {
    return undefined;
  }
}

/** The tools of one run. Guests see only what the gate could permit them. */
export function toolsetOf(
  tools: readonly Tool[],
  context: Parameters<PolicyService["toolset"]>[0],
  env: Env = {},
): Toolset<Tool> {
  const { config, agentId, sessionKey, principal } = context;
  const section = config.section(toolsSection);
  const own = agentTools(config, agentId);
  const model = { provider: context.provider, id: context.model, seesImages: context.seesImages ?? false };
  const group = groupTools(config, { sessionKey, principal });
  const set = resolveToolset({
    tools,
    global: section,
    agent: own,
    provider: context.provider,
    model: context.model,
    ...(group === undefined ? {} : { groups: [group] }),
    ...(isSandboxed(config, agentId, sessionKey) ? { sandbox: own.sandbox?.tools ?? section.sandbox.tools } : {}),
    ...(isSubagent(sessionKey)
      ? { subagent: section.subagents.tools, orchestrates: context.subagentRole === "orchestrator" }
      : {}),
  });
  return {
    ...set,
    tools: set.tools.filter(
      (tool) => (tool.isFor?.(config, agentId, model, env) ?? true) && mayUse(principal, tool, own),
    ),
  };
}

function mayUse(principal: Principal, tool: Tool, own: ReturnType<typeof agentTools>): boolean {
  if (principal.role === "stranger") return false;
  return principal.role !== "guest" || tool.effect === "read" || isGranted(tool, own);
}

/** A call for which the agent is not configured any more gets a workspace that nothing lies in. */
function workspaceOf(agents: AgentsService, agentId: string): string {
  return agents.get(agentId)?.workspace ?? "/nonexistent";
}

function grantedTools(tools: readonly Tool[], config: ConfigService, agentId: string): ReadonlySet<string> {
  const own = agentTools(config.current(), agentId);
  return new Set(tools.filter((tool) => isGranted(tool, own)).map((tool) => tool.name));
}

function isGranted(tool: Tool, own: ReturnType<typeof agentTools>): boolean {
  return namesOutright(own.allow, tool) || namesOutright(own.alsoAllow, tool);
}

/** What was judged, by whom it was caused, and which rule decided. Never file contents, secrets or variables' values. */
function record(
  { audit, runEvents }: Pick<Store, "audit" | "runEvents">,
  { at, act, context, verdict }: { at: number; act: Act; context: ActContext; verdict: Verdict },
): void {
  const { principal, agentId, sessionKey, runId } = context;
  audit.record({
    at,
    actor: `${principal.kind}:${principal.id}`,
    action: `tool.${act.tool}`,
    target: redact(cut(act.preview.target, 2000)),
    verdict: verdict.verdict,
    rule: verdict.rule,
    data: { agentId, sessionKey, runId, role: principal.role, effect: act.effect },
  });
  const data = { tool: act.tool, effect: act.effect, verdict: verdict.verdict, rule: verdict.rule };
  runEvents.record({ runId, sessionKey, agentId, kind: "decision", at, data });
}

export const services = [provide(Policy, makePolicy)];
