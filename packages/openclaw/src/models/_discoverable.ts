/** Which servers are asked what they serve: those that the operator uses, or names. */
import type { Discovery } from "../contracts/model.ts";
import { compact } from "../base/text.ts";
import type { Logins } from "./auth/logins.ts";
import type { Wanted } from "./_discovery.ts";
import { credentials } from "./_endpoint.ts";
import { providerId, providerIds, providerOf } from "./_providers.ts";
import type { KnownProvider } from "./_providers.ts";
import { providerEntries } from "./_source.ts";
import type { Source } from "./_source.ts";

const OPENAI: Discovery = { paths: ["models"], shape: "openai" };
const OLLAMA: Discovery = { paths: ["/api/tags"], shape: "ollama" };

interface Question {
  /** Only this one, and then also where nothing else says that it is wanted. */
  readonly provider: string | undefined;
  readonly agentId: string | undefined;
}

/** Providers that may have said before what they serve. */
export function discoverable(source: Source): string[] {
  return providerIds(source).filter((id) => {
    const provider = providerOf(id, source);
    return provider && discoveryOf(provider, source) !== undefined;
  });
}

/** The servers to ask, each with the credential that it is asked with. */
export async function serversOf(
  source: Source,
  logins: Pick<Logins, "choose">,
  { provider: named, agentId }: Question,
): Promise<Wanted[]> {
  const only = named === undefined ? undefined : providerId(named, source.vendors);
  const { config } = source;
  const wanted = providerIds(source).map(async (id): Promise<Wanted[]> => {
    const provider = only === undefined || id === only ? providerOf(id, source) : undefined;
    const discovery = provider && discoveryOf(provider, source);
    if (!provider || !discovery) return [];
    const chosen = await logins.choose(compact({ provider, config, agentId })).catch(() => undefined);
    const { apiKey, headers } = credentials(provider, chosen);
    const asked = id === only && (discovery.open === true || provider.available);
    if (!asked && !isWelcome(provider, chosen !== undefined, source)) return [];
    return [{ provider: id, discovery, server: { baseUrl: chosen?.baseUrl ?? provider.baseUrl, apiKey, headers } }];
  });
  return (await Promise.all(wanted)).flat();
}

/**
 * Undefined for a provider that has no list, and for one whose models the operator has written down: those are meant.
 */
function discoveryOf(provider: KnownProvider, source: Source): Discovery | undefined {
  const { vendors } = source;
  const vendor = vendors.find(({ id }) => id === provider.id);
  const entries = Object.entries(providerEntries(source));
  const entry = entries.find(([name]) => providerId(name, vendors) === provider.id)?.[1];
  const listed = (entry?.models ?? []).length > 0;
  if (!URL.canParse(provider.baseUrl)) return undefined;
  if (vendor) return listed && vendor.local ? undefined : vendor.discovery;
  if (!entry || listed) return undefined;
  if (provider.api === "ollama") return OLLAMA;
  return provider.api.startsWith("openai-") ? OPENAI : undefined;
}

/**
 * Whether a server is asked without having been named. One on this machine: when a key (any text) or an entry says that
 * it is wanted. Another: when there is a credential for it.
 */
function isWelcome(provider: KnownProvider, credential: boolean, { vendors }: Source): boolean {
  const local = vendors.find(({ id }) => id === provider.id)?.local;
  return local ? credential || provider.configured : credential || (provider.configured && provider.available);
}
