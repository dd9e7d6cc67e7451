/** Which agent and session a hook's run belongs to, within what `hooks.*` permits. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { AgentsService } from "../agents/index.ts";
import { canonicalKey, parseKey, sessionSection } from "../sessions/index.ts";
import type { AgentAction } from "./_action.ts";
import { errors } from "./errors.ts";
import type { HooksConfig } from "./_mapping.ts";

export interface Place {
  readonly agentId: string;
  /** Canonical. */
  readonly sessionKey: string;
  /** The caller picked a session that may belong to somebody's conversation. */
  readonly shared: boolean;
}

/** `runId` names the session of a run that names none. Throws what `hooks.*` refuses. */
export function placeOf(
  action: Pick<AgentAction, "agentId" | "agentChosen" | "sessionKey" | "keyChosen">,
  rules: HooksConfig,
  around: { readonly agents: AgentsService; readonly config: ConfigSnapshot; readonly runId: string },
): Place {
  const { agents, config, runId } = around;
  const chosen = action.keyChosen ? action.sessionKey : undefined;
  if (chosen !== undefined) checkChosen(chosen, rules);
  const agent = action.agentId === undefined ? agents.default(config) : agents.get(action.agentId, config);
  if (agent === undefined) throw errors.HOOK_AGENT_UNKNOWN({ id: action.agentId ?? "" });
  const wanted = action.sessionKey ?? rules.defaultSessionKey ?? `hook:${runId}`;
  const sessionKey = canonicalKey(wanted, agent.id, config.section(sessionSection).mainKey);
  if (sessionKey === undefined || sessionKey === "unknown") throw errors.HOOK_KEY_INVALID();
  const owner = parseKey(sessionKey)?.agentId ?? agent.id;
  if (agents.get(owner, config) === undefined) throw errors.HOOK_AGENT_UNKNOWN({ id: owner });
  if (action.agentId !== undefined && owner !== agent.id)
    throw errors.HOOK_SESSION_CONFLICT({ agentId: agent.id, owner });
  const named = action.agentChosen && action.agentId !== undefined;
  if (named || (chosen !== undefined && owner !== agent.id)) checkAgent(owner, rules);
  return { agentId: owner, sessionKey, shared: chosen?.toLowerCase().startsWith("agent:") ?? false };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a session was made for one run of a hook: nobody named it. */
export function isOneOff(sessionKey: string): boolean {
  const [name, id = "", more] = parseKey(sessionKey)?.rest.split(":") ?? [];
  return name === "hook" && more === undefined && UUID.test(id);
}

function checkChosen(key: string, rules: HooksConfig): void {
  if (rules.allowRequestSessionKey === false) throw errors.HOOK_KEY_CHOSEN();
  const allowed = rules.allowedSessionKeyPrefixes;
  if (allowed === undefined) return;
  // A key may be written whole or without its agent; a prefix likewise.
  const spellings = [key.toLowerCase(), parseKey(key.toLowerCase())?.rest ?? ""];
  const fits = allowed.some((prefix) => prefix !== "" && spellings.some((one) => one.startsWith(prefix.toLowerCase())));
  if (!fits) throw errors.HOOK_KEY_PREFIX({ allowed: allowed.join(", ") });
}

function checkAgent(id: string, { allowedAgentIds }: HooksConfig): void {
  if (allowedAgentIds === undefined || allowedAgentIds.includes("*")) return;
  if (!allowedAgentIds.some((one) => one.toLowerCase() === id.toLowerCase())) throw errors.HOOK_AGENT_DENIED({ id });
}
