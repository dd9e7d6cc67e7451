import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Config } from "../config/index.ts";
import { sessionSection } from "../sessions/index.ts";
import { Agents } from "./index.ts";
import type { Agent } from "./index.ts";

const Open = Type.Record(Type.String(), Type.Unknown());

export const methods = [
  defineMethod({
    name: "agents.list",
    scope: "operator.read",
    summary: "Lists the configured agents.",
    params: closed({}),
    result: closed({
      defaultId: Type.String(),
      mainKey: Type.String(),
      scope: Type.String(),
      agents: Type.Array(Open),
    }),
    async run(call) {
      const [agents, config] = await Promise.all([call.use(Agents), call.use(Config)]);
      const session = config.current().section(sessionSection);
      return {
        defaultId: agents.default().id,
        mainKey: session.mainKey,
        scope: session.scope,
        agents: agents.list().map(describe),
      };
    },
  }),
  defineMethod({
    name: "agent.identity.get",
    scope: "operator.read",
    summary: "Name and picture of an agent.",
    params: closed({ agentId: Type.Optional(Type.String()), sessionKey: Type.Optional(Type.String()) }),
    result: Open,
    async run(call, params) {
      const agents = await call.use(Agents);
      const agent = (params.agentId === undefined ? undefined : agents.get(params.agentId)) ?? agents.default();
      return {
        agentId: agent.id,
        name: agent.name,
        avatar: agent.identity.avatar ?? agent.name.slice(0, 1),
        ...(agent.identity.emoji === undefined ? {} : { emoji: agent.identity.emoji }),
      };
    },
  }),
];

function describe(agent: Agent): Record<string, unknown> {
  return {
    id: agent.id,
    name: agent.name,
    identity: agent.identity,
    workspace: agent.workspace,
    ...(agent.model.primary === undefined
      ? {}
      : { model: { primary: agent.model.primary, fallbacks: agent.model.fallbacks } }),
    agentRuntime: { id: "pi", source: "default" },
  };
}
