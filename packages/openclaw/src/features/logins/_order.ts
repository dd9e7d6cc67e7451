/** Bodies of `models auth order get|set|clear`. */
import type { CliContext } from "../../contracts/cli.ts";
import { Models } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { agentOf, textOf } from "./_place.ts";

async function placeOf({ use, options }: CliContext) {
  const [models, config] = await Promise.all([use(Models), use(Config)]);
  const snapshot = config.current();
  return { models, snapshot, agentId: agentOf(options, snapshot), provider: textOf(options, "provider") ?? "" };
}

export async function get(context: CliContext): Promise<void> {
  const { out, global, options } = context;
  const { models, snapshot, agentId, provider } = await placeOf(context);
  const order = await models.loginOrder(snapshot, { provider, agentId });
  const logins = await models.logins(provider, snapshot, { agentId });
  if (global.json || options["json"] === true)
    return out.json({ agentId, provider, authStorePath: models.loginStore(snapshot, agentId), order: order ?? null });
  if (order) out.line(`Set for agent ${agentId}: ${order.join(", ")}`);
  else out.line(`No order is set for agent ${agentId}: they are tried in turn.`);
  for (const { id, state, next } of logins) out.line(`  ${id}  ${next ? "next" : state}`);
}

export async function set(context: CliContext): Promise<void> {
  const { out, args } = context;
  const { models, snapshot, agentId, provider } = await placeOf(context);
  const ids = [...new Set(args.map((id) => (id.includes(":") ? id : `${provider}:${id}`)))];
  await models.loginOrder(snapshot, { provider, agentId, ids });
  out.line(`Order for ${provider}, agent ${agentId}: ${ids.join(", ")}`);
  const logins = await models.logins(provider, snapshot, { agentId });
  const missing = logins.filter(({ state }) => state === "missing").map(({ id }) => id);
  if (missing.length > 0) out.note(`There is no such login yet: ${missing.join(", ")}`);
}

export async function clear(context: CliContext): Promise<void> {
  const { models, snapshot, agentId, provider } = await placeOf(context);
  await models.loginOrder(snapshot, { provider, agentId, ids: null });
  context.out.line(`The order for ${provider}, agent ${agentId}, is forgotten.`);
}
