/** Parts that several session methods share. */
import { Type } from "../../contracts/schema.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { SessionFilesToken } from "../../store/index.ts";
import { Config } from "../config/index.ts";
import { canonicalKey, parseKey } from "./_keys.ts";
import { sessionSection } from "./config.ts";
import { errors } from "./errors.ts";

export const Key = Type.String({
  minLength: 1,
  maxLength: 512,
  description: "Session key; without `agent:` prefix it belongs to the default agent",
});
export const AgentId = Type.Optional(
  Type.String({ minLength: 1, maxLength: 64, description: "Agent the key belongs to" }),
);
export const Flag = Type.Optional(Type.Boolean());
export const Open = Type.Record(Type.String(), Type.Unknown());

/** The canonical key of what the caller wrote. Throws `SESSION_KEY_MALFORMED`, `SESSION_AGENT_UNKNOWN`. */
export async function keyOf(call: MethodCall, input: string, agentId?: string): Promise<string> {
  const config = (await call.use(Config)).current();
  const known = agentIds(config.at("agents.list"));
  const key = canonicalKey(
    input,
    agentId ?? defaultAgentId(config.at("agents.list")),
    config.section(sessionSection).mainKey,
  );
  if (key === undefined) throw errors.SESSION_KEY_MALFORMED({ key: input });
  const owner = parseKey(key)?.agentId;
  if (owner !== undefined && !known.includes(owner)) throw errors.SESSION_AGENT_UNKNOWN({ id: owner });
  return key;
}

/** Ids of the configured agents. */
export function agentIds(list: unknown): string[] {
  const ids = Array.isArray(list) ? list.map((agent: { id?: unknown }) => String(agent.id)) : [];
  return ids.length > 0 ? ids : ["main"];
}

/** The id of the default agent as the list in the configuration says it. */
export function defaultAgentId(list: unknown): string {
  const agents = Array.isArray(list) ? (list as { id?: unknown; default?: unknown }[]) : [];
  const chosen = agents.find((agent) => agent.default === true) ?? agents[0];
  return typeof chosen?.id === "string" ? chosen.id : "main";
}

/** Where the mirror of an agent's sessions stands. */
export async function storePath(call: MethodCall, agentId: string): Promise<string> {
  return (await call.use(SessionFilesToken)).index(agentId);
}
