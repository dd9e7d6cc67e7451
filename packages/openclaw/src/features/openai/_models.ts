/** `GET /v1/models`: the agents, as this API calls them. */
import { sendJson } from "../../base/reply.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { Agents } from "../agents/index.ts";
import { errors } from "./errors.ts";

const PREFIX = "/v1/models/";
const DEFAULTS = ["openclaw", "openclaw/default"];

export async function listModels(call: RouteCall): Promise<void> {
  const agents = await call.use(Agents);
  const ids = [...DEFAULTS, ...agents.list(call.config).map(({ id }) => `openclaw/${id}`)];
  sendJson(call.response, 200, { object: "list", data: [...new Set(ids)].map(modelOf) });
}

export async function oneModel(call: RouteCall): Promise<void> {
  const id = decoded(call.pathname.slice(PREFIX.length));
  const [, agent] = /^openclaw(?:\/(.+))?$/i.exec(id) ?? [];
  if (!/^openclaw(?:\/|$)/i.test(id)) throw errors.API_MODEL_ID_INVALID();
  const known =
    DEFAULTS.includes(id.toLowerCase()) || (await call.use(Agents)).get(agent ?? "", call.config) !== undefined;
  if (!known) throw errors.API_MODEL_NOT_FOUND({ id });
  sendJson(call.response, 200, modelOf(id));
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw errors.API_MODEL_ID_INVALID();
  }
}

function modelOf(id: string) {
  return { id, object: "model", created: 0, owned_by: "openclaw", permission: [] };
}
