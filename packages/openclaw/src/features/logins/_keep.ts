/** Keeping a login: the secret in the agent's store, what may be known of it in the configuration. */
import type { CliContext } from "../../contracts/cli.ts";
import { Models, Vendors } from "../../models/index.ts";
import type { KeptLogin } from "../../models/index.ts";
import { Config, formatPath } from "../config/index.ts";

export async function keep(context: CliContext, login: KeptLogin): Promise<void> {
  const [models, config] = await Promise.all([context.use(Models), context.use(Config)]);
  await models.keepLogin(config.current(), login);
}

/** `auth.profiles`: provider and kind, never a secret. */
export async function note(
  context: CliContext,
  id: string,
  { provider, mode }: { provider: string; mode: string },
): Promise<void> {
  const config = await context.use(Config);
  const path = formatPath(["auth", "profiles", id]);
  await config.edit({ path, value: { provider, mode } });
}

/** Makes the provider's usual model the default one; the reference, undefined where there is none. */
export async function useUsualModel(
  context: CliContext,
  provider: string,
  wanted?: string,
): Promise<string | undefined> {
  const [vendors, config] = await Promise.all([context.use(Vendors), context.use(Config)]);
  const id = wanted ?? vendors.find((vendor) => vendor.id === provider)?.defaultModel;
  if (id === undefined) return undefined;
  const ref = `${provider}/${id}`;
  const before = config.current().at("agents.defaults.model");
  const whole = before !== null && typeof before === "object";
  await config.edit({ path: whole ? "agents.defaults.model.primary" : "agents.defaults.model", value: ref });
  const listed = config.current().at("agents.defaults.models");
  if (listed !== null && typeof listed === "object" && Object.keys(listed).length > 0 && !Object.hasOwn(listed, ref))
    await config.edit({ path: formatPath(["agents", "defaults", "models", ref]), value: {} });
  return ref;
}
