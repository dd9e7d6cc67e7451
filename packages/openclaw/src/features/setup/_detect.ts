/** Which model an installation begins with. */
import type { Platform, Use } from "../../contracts/service.ts";
import { Vendors, detectModel } from "../../models/index.ts";
import { ConfigSections, editConfig, readConfig, valueAt } from "../config/index.ts";
import type { DetectedModel } from "./index.ts";

interface Where {
  readonly platform: Platform;
  readonly use: Use;
}

/** A key in the environment or a model server on this machine; undefined leaves the gateway with its offline model. Takes at most 200 ms. */
export async function findModel({ platform, use }: Where): Promise<DetectedModel | undefined> {
  const found = await detectModel({
    env: platform.env,
    fetch: platform.fetch,
    clock: platform.clock,
    vendors: await use(Vendors),
  });
  return found.source === "offline" ? undefined : found;
}

/**
 * For a configuration that names no model: looks for one and writes it down, so that setting a key and
 * starting again is enough. A configuration that cannot be changed stays as it is.
 */
export async function adoptModel(where: Where): Promise<DetectedModel | undefined> {
  const { platform, use } = where;
  const file = await readConfig(platform);
  if (!file.valid || valueAt(file.resolved, "agents.defaults.model") !== undefined) return undefined;
  const model = await findModel({ ...where, platform: { ...platform, env: { ...platform.env, ...file.env } } });
  if (!model) return undefined;
  const { provider } = model;
  const known = provider && valueAt(file.resolved, ["models", "providers", provider.id]) !== undefined;
  const changes = [
    { path: "agents.defaults.model.primary", value: model.ref },
    ...(provider && !known
      ? [{ path: `models.providers[${JSON.stringify(provider.id)}]`, value: provider.config }]
      : []),
  ];
  return editConfig({ platform, sections: await use(ConfigSections) }, changes).then(
    () => model,
    () => undefined,
  );
}
