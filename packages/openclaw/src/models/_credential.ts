/** Where a provider's key comes from: the operator's entry, then the environment. */
import type { Vendor } from "../contracts/model.ts";
import type { Env } from "../base/env.ts";
import type { ProviderEntry } from "./_source.ts";

type Secret = ProviderEntry["apiKey"];

/** `keyEnv` is the variable to name to a person who has no key yet. */
export function keyOf(
  provider: string,
  vendor: Vendor | undefined,
  entry: ProviderEntry | undefined,
  env: Env,
): { key?: string; keyEnv?: string } {
  const names = keyNames(provider, vendor);
  const key = plainSecret(entry?.apiKey, env) ?? names.map((name) => env[name]?.trim()).find(Boolean);
  const [keyEnv] = names;
  return { ...(key === undefined ? {} : { key }), ...(keyEnv === undefined ? {} : { keyEnv }) };
}

/** Variables that may hold a key, in lookup order. */
export function keyNames(provider: string, vendor: Vendor | undefined): readonly string[] {
  return vendor ? vendor.keyEnv : [`${provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_API_KEY`];
}

/** A literal, the bare name of a variable that is set, or a reference into the environment. Others are not resolved here. */
export function plainSecret(secret: Secret, env: Env): string | undefined {
  if (typeof secret === "object") return secret.source === "env" ? env[secret.id] || undefined : undefined;
  if (!secret?.trim()) return undefined;
  return (/^[A-Z][A-Z0-9_]+$/.test(secret) ? env[secret] : undefined) || secret;
}

/** Headers whose values may be kept elsewhere; those that are not there are left out. */
export function plainSecrets(headers: ProviderEntry["headers"], env: Env): Record<string, string> {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [name, plainSecret(value, env)] as const);
  return Object.fromEntries(entries.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}
