import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { Config } from "../config/index.ts";
import { Sessions, keyOf, parseKey, sessionSection } from "../sessions/index.ts";
import { rosterMethods } from "./_methods-roster.ts";
import { errors } from "./errors.ts";
import { Agents, ContextReports } from "./index.ts";
import type { Agent } from "./index.ts";

const Id = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }));
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
      ownership: Type.String(),
      selectionRequired: Type.Boolean(),
    }),
    async run(call) {
      const [agents, config] = await Promise.all([call.use(Agents), call.use(Config)]);
      const session = config.current().section(sessionSection);
      return {
        defaultId: agents.default().id,
        mainKey: session.mainKey,
        scope: session.scope,
        agents: await Promise.all(agents.list().map((agent) => describe(call, agent))),
        ownership: "sole",
        selectionRequired: false,
      };
    },
  }),
  defineMethod({
    name: "agent.identity.get",
    scope: "operator.read",
    summary: "Name and picture of an agent.",
    params: closed({ agentId: Id, sessionKey: Type.Optional(Type.String({ maxLength: 512 })) }),
    result: Open,
    async run(call, { agentId, sessionKey }) {
      const agents = await call.use(Agents);
      const wanted = agentId ?? (sessionKey === undefined ? undefined : parseKey(sessionKey)?.agentId);
      const agent = wanted === undefined ? agents.default() : agents.get(wanted);
      if (!agent) throw errors.AGENT_MISSING({ id: wanted ?? "" });
      const { name, emoji, avatar } = agent.identity;
      return {
        agentId: agent.id,
        name: agent.name,
        avatar: avatar ?? agent.name.slice(0, 1).toUpperCase(),
        ...(emoji === undefined ? {} : { emoji }),
        nameSource: name !== undefined || agent.name !== "Assistant" ? "config" : "default",
      };
    },
  }),
  defineMethod({
    name: "sessions.context",
    scope: "operator.read",
    summary: "What fills the window of a conversation, part by part: as its newest run sent it, else an estimate.",
    hidden: true,
    params: closed({ key: Type.String({ minLength: 1, maxLength: 512 }), agentId: Id }),
    result: Open,
    async run(call, { key, agentId }) {
      const report = await (await call.use(ContextReports)).of(await keyOf(call, key, agentId), call.caller.principal);
      return { ...report };
    },
  }),
  ...rosterMethods,
];

async function describe(call: MethodCall, agent: Agent): Promise<Record<string, unknown>> {
  const { thinkingLevels, thinkingOptions, thinkingDefault, agentRuntime } = await (
    await call.use(Sessions)
  ).defaults(agent.id);
  const { primary, fallbacks } = agent.model;
  return {
    id: agent.id,
    name: agent.name,
    identity: agent.identity,
    workspace: agent.workspace,
    ...(primary === undefined ? {} : { model: { primary, fallbacks } }),
    agentRuntime,
    thinkingLevels,
    thinkingOptions,
    thinkingDefault: agent.thinkingDefault ?? thinkingDefault,
    kind: "agent",
  };
}
