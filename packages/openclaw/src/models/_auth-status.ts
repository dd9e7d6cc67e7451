/** The answer of `models.authStatus`: providers that the operator configured, and those that have a key. */
import { CurrentConfig } from "../contracts/bus.ts";
import type { MethodCall } from "../contracts/method.ts";
import { providerId, providerIds, providerOf } from "./_providers.ts";
import { modelsConfig } from "./_source.ts";
import type { Source } from "./_source.ts";
import { Vendors } from "./index.ts";

export async function authStatus({ use, platform }: MethodCall) {
  const [vendors, config] = await Promise.all([use(Vendors), use(CurrentConfig)]);
  const source: Source = { vendors, env: platform.env, config: config.current() };
  return { ts: platform.clock.now(), providers: providerIds(source).flatMap((id) => statusOf(id, source)) };
}

function statusOf(id: string, source: Source) {
  const provider = providerOf(id, source);
  const vendor = source.vendors.find((one) => one.id === id);
  if (!provider || vendor?.api === "offline") return [];
  const { key, configured, available } = provider;
  if (key === undefined && !configured) return [];
  const profile = { profileId: `${id}:default`, type: "api_key", status: "static" };
  return [
    {
      provider: id,
      displayName: vendor?.label ?? id,
      status: key !== undefined || available ? ("static" as const) : ("missing" as const),
      profiles: key === undefined ? [] : [profile],
      ...(key === undefined ? {} : { apiKey: { source: keySource(id, source) } }),
    },
  ];
}

function keySource(id: string, { vendors, config }: Source): "config" | "env" {
  const entries = Object.entries(modelsConfig(config).providers ?? {});
  const own = entries.find(([name]) => providerId(name, vendors) === id)?.[1].apiKey;
  const reference = typeof own === "string" && /^[A-Z][A-Z0-9_]+$/.test(own);
  return own === undefined || own === "" || reference || typeof own === "object" ? "env" : "config";
}
