/** `tools.*`: which tools there are, and which of them a conversation has. */
import { Type, choice, closed, type TSchema } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Models } from "../../models/index.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Sessions, parseKey } from "../sessions/index.ts";
import { PROFILES, type ProfileName } from "./_names.ts";
import { toolsSection } from "./config.ts";
import { errors } from "./errors.ts";
import { ToolRegistry, Policy } from "./index.ts";
import { agentTools } from "./settings.ts";
import { grouped, modelOf } from "./_grouped.ts";
import { inProfile } from "./toolset.ts";

const id = Type.String({ minLength: 1, maxLength: 512 });
const source = choice(["core", "plugin", "channel", "mcp"]);
const PROFILE_LABELS: Record<ProfileName, string> = {
  minimal: "Minimal",
  coding: "Coding",
  messaging: "Messaging",
  full: "Full",
};

/** Groups of tools, each tool with `more` besides what both lists say. */
const groupsOf = <P extends Record<string, TSchema>>(more: P) => {
  const tool = { id: Type.String(), label: Type.String(), description: Type.String(), source, ...more };
  return Type.Array(
    Type.Object({ id: Type.String(), label: Type.String(), source, tools: Type.Array(Type.Object(tool)) }),
  );
};

export const methods = [
  defineMethod({
    name: "tools.catalog",
    scope: "operator.read",
    summary: "Lists every tool by group, and the profiles that contain it.",
    params: closed({ agentId: Type.Optional(id), includePlugins: Type.Optional(Type.Boolean()) }),
    result: Type.Object({
      agentId: Type.String(),
      profiles: Type.Array(Type.Object({ id: Type.String(), label: Type.String() })),
      groups: groupsOf({ defaultProfiles: Type.Array(Type.String()) }),
    }),
    async run({ use }, { agentId }) {
      const agents = await use(Agents);
      const agent = agentId === undefined ? agents.default() : agents.get(agentId);
      if (!agent) throw errors.TOOLS_AGENT_UNKNOWN({ agentId: agentId ?? "" });
      const names = Object.keys(PROFILES) as ProfileName[];
      return {
        agentId: agent.id,
        profiles: names.map((name) => ({ id: name, label: PROFILE_LABELS[name] })),
        groups: grouped(await use(ToolRegistry), (tool) => ({
          id: tool.name,
          label: tool.label,
          description: tool.summary,
          source: "core" as const,
          defaultProfiles: names.filter((name) => inProfile(name, tool)),
        })),
      };
    },
  }),
  defineMethod({
    name: "tools.effective",
    scope: "operator.read",
    summary: "Lists the tools that the policy leaves to a conversation.",
    params: closed({ sessionKey: id, agentId: Type.Optional(id) }),
    result: Type.Object({
      agentId: Type.String(),
      profile: Type.String(),
      groups: groupsOf({ rawDescription: Type.String() }),
    }),
    async run({ use, caller }, { sessionKey, agentId }) {
      const [agents, configService, sessions, policy, models] = await Promise.all([
        use(Agents),
        use(Config),
        use(Sessions),
        use(Policy),
        use(Models),
      ]);
      const config = configService.current();
      const wanted = agentId ?? parseKey(sessionKey.toLowerCase())?.agentId;
      const agent = wanted === undefined ? agents.default(config) : agents.get(wanted, config);
      if (!agent) throw errors.TOOLS_AGENT_UNKNOWN({ agentId: wanted ?? "" });
      const row = await sessions.get(sessionKey.toLowerCase());
      const tools = policy.toolset({
        ...(await modelOf(models, config, { agent, entry: row?.entry })),
        config,
        agentId: agent.id,
        sessionKey: sessionKey.toLowerCase(),
        principal: caller.principal,
      });
      return {
        agentId: agent.id,
        profile: agentTools(config, agent.id).profile ?? config.section(toolsSection).profile ?? "full",
        groups: grouped(tools, (tool) => ({
          id: tool.name,
          label: tool.label,
          description: tool.summary,
          rawDescription: tool.description,
          source: "core" as const,
        })),
      };
    },
  }),
];
