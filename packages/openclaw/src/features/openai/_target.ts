/** Which agent answers, in which session: model id, headers and `user` → agent id and session key. */
import { uuid } from "../../base/ids.ts";
import { cut } from "../../base/text.ts";
import type { Address } from "../../contracts/envelope.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { Models } from "../../models/index.ts";
import { StoreToken } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import type { Agent, AgentsService } from "../agents/index.ts";
import { canonicalKey, parseKey, sessionSection } from "../sessions/index.ts";
import { errors } from "./errors.ts";
import { invalid } from "./_fields.ts";

export type Api = "chat" | "responses";

export interface Target {
  readonly agent: Agent;
  readonly sessionKey: string;
  readonly address: Address;
  /** The provider's model asked for by header. */
  readonly backend?: string;
}

/** The part of a session key that says where it came from. Sessions of single requests end with a UUID. */
const NAMES = {
  chat: { user: "openai-user", once: "openai" },
  responses: { user: "openresponses-user", once: "openresponses" },
};
const RESERVED = /(?:^|:)(?:subagent|cron|acp):/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Wanted {
  readonly api: Api;
  readonly model: string;
  readonly user?: string;
  /** `previous_response_id`. */
  readonly previous?: string;
}

export async function targetOf(call: RouteCall, wanted: Wanted): Promise<Target> {
  const agents = await call.use(Agents);
  const chosen = agentOf(call, agents, wanted.model);
  const forced = header(call, "x-openclaw-session-key");
  const sessionKey =
    forced === undefined ? await ownKey(call, chosen, wanted) : givenKey(call, forced, { agents, agent: chosen });
  const owner = parseKey(sessionKey)?.agentId;
  const agent = owner === undefined ? chosen : (agents.get(owner, call.config) ?? chosen);
  const backend = await backendOf(call);
  return { agent, sessionKey, address: addressOf(call, sessionKey), ...(backend === undefined ? {} : { backend }) };
}

/** Whether a session belongs to one request: nobody can come back to it after a day. */
export function isOnce(sessionKey: string): boolean {
  const [name, id = ""] = parseKey(sessionKey)?.rest.split(":") ?? [];
  return (name === NAMES.chat.once || name === NAMES.responses.once) && UUID.test(id);
}

/** The agent that `model` names, unless the header names one. */
function agentOf(call: RouteCall, agents: AgentsService, model: string): Agent {
  const named = /^(?:openclaw[/:]|agent:)(.+)$/i.exec(model.trim())?.[1];
  if (named === undefined && model.trim().toLowerCase() !== "openclaw") throw errors.API_MODEL_INVALID();
  const asked = header(call, "x-openclaw-agent-id") ?? named ?? "default";
  if (asked.toLowerCase() === "default") return agents.default(call.config);
  const agent = agents.get(asked, call.config);
  if (!agent) throw errors.API_AGENT_UNKNOWN({ id: cut(asked, 100) });
  return agent;
}

function givenKey(call: RouteCall, given: string, { agents, agent }: { agents: AgentsService; agent: Agent }): string {
  if (call.config.at("gateway.http.allowSessionKeyOverride") === false) throw errors.API_KEY_OVERRIDE_OFF();
  const key = canonicalKey(given, agent.id, call.config.section(sessionSection).mainKey);
  if (key === undefined) throw invalid("Invalid x-openclaw-session-key.");
  const parsed = parseKey(key);
  if (RESERVED.test(parsed?.rest ?? key))
    throw invalid("x-openclaw-session-key cannot use reserved internal session namespaces.");
  if (parsed && !agents.get(parsed.agentId, call.config)) throw errors.API_AGENT_UNKNOWN({ id: parsed.agentId });
  return key;
}

async function ownKey(call: RouteCall, agent: Agent, { api, user, previous }: Wanted): Promise<string> {
  const names = NAMES[api];
  if (user !== undefined && user.trim() !== "") {
    const key = canonicalKey(`agent:${agent.id}:${names.user}:${user}`, agent.id);
    if (key === undefined) throw invalid("user: Invalid input: too long, or it holds control characters");
    return key;
  }
  const earlier = previous === undefined ? undefined : await (await call.use(StoreToken)).turns.get(previous);
  const continues =
    earlier !== undefined &&
    earlier.principal.id === call.caller.principal.id &&
    earlier.sessionKey.startsWith(`agent:${agent.id}:${names.once}:`);
  return continues ? earlier.sessionKey : `agent:${agent.id}:${names.once}:${uuid(call.platform.random)}`;
}

/** Throws `API_BACKEND_UNKNOWN`. Naming a model is the owner's right where callers have identities. */
async function backendOf(call: RouteCall): Promise<string | undefined> {
  const ref = header(call, "x-openclaw-model");
  if (ref === undefined) return undefined;
  if (call.caller.proof !== "secret" && !call.caller.allows("operator.admin"))
    throw errors.API_SCOPE_MISSING({ scope: "operator.admin" });
  try {
    await (await call.use(Models)).resolve(ref, call.config, { anyId: true });
    return ref;
  } catch (error) {
    if ((error as { code?: string }).code === "UNKNOWN_MODEL") throw errors.API_BACKEND_UNKNOWN({ ref: cut(ref, 200) });
    throw error;
  }
}

function addressOf(call: RouteCall, chat: string): Address {
  const name = (value: string | undefined) => (value !== undefined && /^[\w-]{1,64}$/.test(value) ? value : undefined);
  const channel = name(header(call, "x-openclaw-message-channel")?.toLowerCase()) ?? "webchat";
  return { channel, account: name(header(call, "x-openclaw-account-id")) ?? "default", kind: "direct", chat };
}

/** The value of a header; undefined when it is absent or blank. */
function header(call: RouteCall, name: string): string | undefined {
  const value = String(call.request.headers[name] ?? "").trim();
  return value === "" ? undefined : value;
}
