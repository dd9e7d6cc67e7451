/** Who is asked, in which order, and as whom. */
import { compact } from "../../../base/text.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { ModelsService } from "../../../models/index.ts";
import { errors } from "../errors.ts";
import { providerOf, providersOf } from "./catalog.ts";
import type { Access, GenerationProvider, Kind, Offer } from "./provider.ts";
import { asksOthers, chosenModels, comfySettings, hasWorkflow } from "./settings.ts";

export type Models = Pick<ModelsService, "access" | "defaultRef">;

export interface Candidate {
  readonly provider: GenerationProvider;
  readonly offer: Offer;
  readonly model: string;
}

export interface Asked {
  readonly kind: Kind;
  readonly config: ConfigSnapshot;
  readonly agentId?: string;
  /** `provider/model`, or a provider: it and nobody else. */
  readonly model?: string;
}

/** Throws `GENERATE_MODEL_UNKNOWN` or `GENERATE_NONE_READY`. */
export async function candidates(
  models: Models,
  { kind, config, agentId, model }: Asked,
): Promise<readonly Candidate[]> {
  if (model !== undefined) return [candidateOf(kind, model)];
  const named = chosenModels(config, kind).map((ref) => candidateOf(kind, ref));
  const rest = asksOthers(config) ? await others(models, { kind, config, ...compact({ agentId }) }) : [];
  const all = [...named, ...rest.filter(({ provider }) => !named.some((one) => one.provider === provider))];
  if (all.length === 0) throw errors.GENERATE_NONE_READY({ kind });
  return all;
}

/** Those with a credential, the one that the conversation runs on first. */
async function others(models: Models, asked: Omit<Asked, "model">): Promise<readonly Candidate[]> {
  const { kind, config } = asked;
  const all = await Promise.all(
    providersOf(kind).map(async (provider) => ({ provider, ready: await isReady(models, provider, asked) })),
  );
  const [first] = models.defaultRef(config).split("/");
  return all
    .filter(({ provider, ready }) => ready && provider.makes[kind]?.onlyNamed !== true)
    .map(({ provider }) => candidateOf(kind, provider.id))
    .toSorted((a, b) => Number(b.provider.id === first) - Number(a.provider.id === first));
}

/** Throws `GENERATE_MODEL_UNKNOWN`. */
export function candidateOf(kind: Kind, ref: string): Candidate {
  const slash = ref.indexOf("/");
  const provider = providerOf(kind, slash < 0 ? ref : ref.slice(0, slash));
  const offer = provider?.makes[kind];
  if (!provider || !offer)
    throw errors.GENERATE_MODEL_UNKNOWN({ ref, kind, known: providersOf(kind).map(({ id }) => id) });
  const model = slash < 0 ? "" : ref.slice(slash + 1).trim();
  return { provider, offer, model: model === "" ? offer.models[0] : model };
}

export async function isReady(
  models: Models,
  provider: GenerationProvider,
  { kind, config, agentId }: Omit<Asked, "model">,
): Promise<boolean> {
  if (provider.id === "comfy") return hasWorkflow(config, kind);
  return models.access(provider.id, config, compact({ agentId })).then(
    ({ apiKey, configured }) => apiKey !== undefined || (provider.id === "litellm" && configured),
    () => false,
  );
}

/** Throws `MODEL_KEY_MISSING` and whatever else keeps its key from us. */
export async function accessOf(
  models: Models,
  provider: GenerationProvider,
  { config, agentId }: Pick<Asked, "config" | "agentId">,
): Promise<Access> {
  if (provider.id === "comfy") return comfyAccess(models, provider, config);
  const access = await models.access(provider.id, config, compact({ agentId }));
  // The key of a vendor goes to the vendor's address, or to the one that the operator named for it.
  const baseUrl = trimmed(access.configured && access.baseUrl !== "" ? access.baseUrl : provider.baseUrl);
  const configured = new URL(baseUrl).origin !== new URL(provider.baseUrl).origin || isLoopback(baseUrl);
  return { baseUrl, headers: access.headers, configured, ...compact({ apiKey: access.apiKey }) };
}

const CLOUD = "https://cloud.comfy.org";

async function comfyAccess(models: Models, provider: GenerationProvider, config: ConfigSnapshot): Promise<Access> {
  const { mode, baseUrl, apiKey, allowPrivateNetwork } = comfySettings(config);
  const cloud = mode === "cloud";
  const given = typeof baseUrl === "string" && URL.canParse(baseUrl) ? baseUrl : undefined;
  const address = trimmed(given ?? (cloud ? CLOUD : provider.baseUrl));
  const { hostname } = new URL(address);
  if (!isLoopback(address) && allowPrivateNetwork !== true && isPrivate(hostname))
    throw errors.GENERATE_PRIVATE({ host: hostname });
  // A machine of one's own is never sent a key of the cloud.
  const stored = cloud
    ? await models.access("comfy", config).then(
        (found) => found.apiKey,
        () => undefined,
      )
    : undefined;
  const key = typeof apiKey === "string" && apiKey !== "" ? apiKey : stored;
  return { baseUrl: address, headers: {}, configured: address !== CLOUD, ...compact({ apiKey: key }) };
}

function isLoopback(url: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname);
}

/** Names of the local network and addresses that are private by their look. */
function isPrivate(hostname: string): boolean {
  return (
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[f[cde])/i.test(
      hostname,
    ) ||
    /\.(?:local|lan|internal|home\.arpa)$/i.test(hostname) ||
    !/[.:]/.test(hostname)
  );
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}
