/** Whether a sub-agent may be started, in the order in which it is asked. The answer to the first that fails. */
import type { Agent } from "../agents/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { LONGEST_CHAIN, chainOf } from "./_authority.ts";
import type { Requester, SpawnAnswer, SpawnRequest } from "./index.ts";
import { mayStart } from "./_settings.ts";
import type { SubagentSettings } from "./_settings.ts";

type Refusal = Extract<SpawnAnswer, { error: string }>;

const forbidden = (error: string): Refusal => ({ status: "forbidden", error });
const wrong = (error: string): Refusal => ({ status: "error", error });

/** What cannot be done yet, said plainly instead of done differently. */
export function unavailable({ runtime, thread, mode }: SpawnRequest): Refusal | undefined {
  if (runtime === "acp") return wrong("ACP sessions (runtime: acp) are not available yet. Leave runtime out.");
  if (thread === true) return wrong("Sub-agents in a thread of their own (thread: true) are not available yet.");
  if (mode === "session") return wrong('mode: "session" needs a thread, which is not available yet. Use mode: "run".');
  return undefined;
}

export interface SpawnSituation {
  readonly config: ConfigSnapshot;
  readonly settings: SubagentSettings;
  readonly depth: number;
  readonly open: number;
  readonly by: Requester;
  readonly agents: readonly Agent[];
  readonly sandboxed: (agentId: string, sessionKey: string) => boolean;
  /** The key that the child would get, by its agent. */
  readonly childKey: (agentId: string) => string;
}

/** The agent to be started, or why not. */
export function permitted(request: SpawnRequest, at: SpawnSituation): Agent | Refusal {
  const { settings, depth, open, by } = at;
  if (depth >= settings.maxSpawnDepth)
    return forbidden(
      `sessions_spawn is not allowed at this depth (current depth: ${depth}, max: ${settings.maxSpawnDepth}). Do the work yourself.`,
    );
  if (chainOf(by.principal) >= LONGEST_CHAIN)
    return forbidden(
      `Agents have started one another ${LONGEST_CHAIN} times in a row without anybody asking. Report to the user instead.`,
    );
  if (open >= settings.maxChildrenPerAgent) return tooMany(settings);
  const wanted = request.agentId?.trim().toLowerCase();
  if ((wanted === undefined || wanted === "") && settings.requireAgentId)
    return forbidden("sessions_spawn needs agentId here (subagents.requireAgentId). Use agents_list to see which.");
  const agent = at.agents.find(({ id }) => id === (wanted === undefined || wanted === "" ? by.agentId : wanted));
  if (wanted !== undefined && wanted !== "" && !mayStart(settings, by.agentId, wanted))
    return forbidden(`agentId "${wanted}" is not allowed for sessions_spawn (allowed: ${allowedText(settings, by)}).`);
  if (!agent) return wrong(`There is no agent "${wanted ?? by.agentId}". Use agents_list to see which there are.`);
  return sandboxOf(request, at, agent) ?? agent;
}

export function tooMany({ maxChildrenPerAgent: max }: SubagentSettings): Refusal {
  return forbidden(
    `This session has ${max} sub-agents at work, and more than ${max} may not be. Wait for their reports, or stop one.`,
  );
}

function sandboxOf(request: SpawnRequest, at: SpawnSituation, agent: Agent): Refusal | undefined {
  const inside = at.sandboxed(agent.id, at.childKey(agent.id));
  if (at.sandboxed(at.by.agentId, at.by.sessionKey) && !inside)
    return forbidden("A session in a sandbox may not start a sub-agent outside of one.");
  if (request.sandbox === "require" && !inside)
    return forbidden('sandbox: "require" needs a sub-agent that runs in a sandbox, and this one would not.');
  return undefined;
}

function allowedText({ allowAgents }: SubagentSettings, by: Requester): string {
  if (allowAgents === undefined) return by.agentId;
  return allowAgents.length === 0 ? "none" : allowAgents.join(", ");
}
