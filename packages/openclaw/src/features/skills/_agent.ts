import { errors } from "./errors.ts";
import type { Agent, AgentsService } from "../agents/index.ts";

/** The agent of an id, or the default one. Throws `SKILLS_AGENT_UNKNOWN`. */
export function agentFor(agents: AgentsService, id: string | undefined): Agent {
  const agent = id === undefined ? agents.default() : agents.get(id);
  if (!agent) throw errors.SKILLS_AGENT_UNKNOWN({ id: id ?? "" });
  return agent;
}
