import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { Config } from "../config/index.ts";
import { Sessions, keyOf, parseKey, sessionSection } from "../sessions/index.ts";
import { isAddress } from "./_identity.ts";
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
      const basePath = String(config.current().at("gateway.controlUi.basePath") ?? "").replace(/\/+$/, "");
      return {
        defaultId: agents.default().id,
        mainKey: session.mainKey,
        scope: session.scope,
        agents: await Promise.all(agents.list().map((agent) => describe(call, agent, basePath))),
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
      const { name, emoji, avatar, nameSource } = await agents.identity(agent);
      return {
        agentId: agent.id,
        name,
        avatar: avatar ?? name.slice(0, 1).toUpperCase(),
        ...(emoji === undefined ? {} : { emoji }),
        nameSource,
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

async function describe(call: MethodCall, agent: Agent, basePath: string): Promise<Record<string, unknown>> {
  const { nameSource: _from, ...identity } = await (await call.use(Agents)).identity(agent);
  const avatarUrl = addressOf(identity.avatar, `${basePath}/avatar/${agent.id}`);
  const { thinkingLevels, thinkingOptions, thinkingDefault, agentRuntime } = await (
    await call.use(Sessions)
  ).defaults(agent.id);
  const { primary, fallbacks } = agent.model;
  return {
    id: agent.id,
    name: identity.name,
    identity: { ...identity, ...(avatarUrl === undefined ? {} : { avatarUrl }) },
    workspace: agent.workspace,
    ...(primary === undefined ? {} : { model: { primary, fallbacks } }),
    agentRuntime,
    thinkingLevels,
    thinkingOptions,
    thinkingDefault: agent.thinkingDefault ?? thinkingDefault,
    kind: "agent",
  };
}

/** Where a client finds a picture; undefined for an emoji, a letter, or none. */
function addressOf(avatar: string | undefined, own: string): string | undefined {
  if (avatar === undefined || isAddress(avatar)) return avatar;
  return /\.(png|jpe?g|gif|webp|svg)$/i.test(avatar) ? own : undefined;
}
