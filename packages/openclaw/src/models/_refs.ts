/** What a reference means: `provider/id` (split at the first slash), an alias, or a bare id. */
import { errors } from "./errors.ts";
import { providerId, providerIds, providerOf } from "./_providers.ts";
import type { KnownProvider, ProviderRow } from "./_providers.ts";
import { OFFLINE, defaultChoice, namedRefs, settings } from "./_source.ts";
import type { Source } from "./_source.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";

export interface Found {
  /** Canonical. */
  readonly ref: string;
  readonly provider: KnownProvider;
  readonly row: ProviderRow;
  /** The provider was guessed in a way that will go away. */
  readonly guessed?: true;
}

/** Work only while their target is listed in `agents.defaults.models`. */
const SHORTHANDS: Readonly<Record<string, string>> = {
  opus: "anthropic/claude-opus-4-6",
  sonnet: "anthropic/claude-sonnet-4-5",
  gpt: "openai/gpt-5.2",
  "gpt-mini": "openai/gpt-5-mini",
  gemini: "google/gemini-3-pro-preview",
  "gemini-flash": "google/gemini-3-flash-preview",
};

export interface Leniency {
  /** Ids that a configured provider does not list are passed on to it; a bare one to the default provider. */
  readonly anyId?: boolean;
}

/** Throws `UNKNOWN_MODEL`. */
export function find(ref: string, source: Source, { anyId = false }: Leniency = {}): Found {
  const text = ref.trim();
  const target = aliasTarget(text, source.config) ?? text;
  const found = exact(target, source) ?? bare(target, source) ?? (anyId ? passedOn(target, source) : undefined);
  if (!found) throw errors.UNKNOWN_MODEL({ ref: text, ...nearest(target, source) });
  return found;
}

/** The reference with the provider's canonical name, without asking whether it exists. */
export function spelled(ref: string, source: Source): string {
  const slash = ref.indexOf("/");
  if (slash <= 0) return ref.trim();
  const provider = providerId(ref.slice(0, slash), source.vendors);
  const id = ref.slice(slash + 1).trim();
  return `${provider}/${today(providerOf(provider, source), id)}`;
}

function today(provider: KnownProvider | undefined, id: string): string {
  const { renamed = {} } = provider ?? {};
  return Object.hasOwn(renamed, id) ? (renamed[id] ?? id) : id;
}

/** The reference behind an alias; the operator's aliases beat the built-in ones. */
export function aliasTarget(alias: string, config: ConfigSnapshot): string | undefined {
  const listed = settings(config) ?? {};
  const wanted = alias.toLowerCase();
  const own = Object.entries(listed).find(([, { alias: name }]) => name?.toLowerCase() === wanted);
  if (own) return own[0];
  const short = Object.hasOwn(SHORTHANDS, wanted) ? SHORTHANDS[wanted] : undefined;
  return short !== undefined && short in listed ? short : undefined;
}

/** The alias shown beside a reference. */
export function aliasOf(ref: string, config: ConfigSnapshot): string | undefined {
  const listed = settings(config) ?? {};
  const own = listed[ref]?.alias;
  if (own !== undefined) return own;
  return ref in listed ? Object.keys(SHORTHANDS).find((name) => SHORTHANDS[name] === ref) : undefined;
}

/** Throws `MODEL_NOT_ALLOWED` for a model outside the operator's list. What the operator named elsewhere counts as listed. */
export function assertAllowed(found: Found, defaultRef: string, source: Source): void {
  const listed = settings(source.config);
  if (!listed) return;
  const allowed = [...Object.keys(listed), ...namedRefs(source.config), defaultRef];
  if (allowed.some((ref) => spelled(aliasTarget(ref, source.config) ?? ref, source) === found.ref)) return;
  throw errors.MODEL_NOT_ALLOWED({ ref: found.ref });
}

function exact(ref: string, source: Source): Found | undefined {
  const slash = ref.indexOf("/");
  if (slash <= 0) return undefined;
  const provider = providerOf(providerId(ref.slice(0, slash), source.vendors), source);
  const written = ref.slice(slash + 1).trim();
  if (!provider || written === "") return undefined;
  const id = today(provider, written);
  const canonical = `${provider.id}/${id}`;
  const row = provider.rows.find((candidate) => candidate.id === id) ?? unlisted(canonical, id, provider, source);
  return row && { ref: canonical, provider, row };
}

/** Routers and local servers take any id; elsewhere the operator must have named it, and not with another case. */
function unlisted(ref: string, id: string, provider: KnownProvider, source: Source): ProviderRow | undefined {
  if (takesAny(provider, id)) return provider.rowFor(id);
  const misspelt = provider.rows.some((row) => row.id.toLowerCase() === id.toLowerCase());
  const named = [...Object.keys(settings(source.config) ?? {}), ...namedRefs(source.config)];
  return !misspelt && named.some((other) => spelled(other, source) === ref) ? provider.rowFor(id) : undefined;
}

function takesAny({ anyModel }: KnownProvider, id: string): boolean {
  return typeof anyModel === "boolean" ? anyModel : anyModel.some((start) => id.startsWith(start));
}

function passedOn(ref: string, source: Source): Found | undefined {
  const slash = ref.indexOf("/");
  const name = slash > 0 ? ref.slice(0, slash) : (defaultChoice(source.config).primary ?? OFFLINE).split("/", 1)[0];
  const provider = providerOf(providerId(name ?? "", source.vendors), source);
  const id = ref.slice(slash + 1).trim();
  return provider?.configured && id !== ""
    ? { ref: `${provider.id}/${id}`, provider, row: provider.rowFor(id) }
    : undefined;
}

/** The one configured provider with that id, else the one usable, else the one known, else Anthropic. */
function bare(id: string, source: Source): Found | undefined {
  const holders = providerIds(source)
    .map((name) => providerOf(name, source))
    .filter((provider) => provider?.rows.some((row) => row.id === id)) as KnownProvider[];
  const pick = [holders.filter((p) => p.configured), holders.filter((p) => p.available), holders].find(
    (set) => set.length === 1,
  );
  if (pick?.[0]) return exact(`${pick[0].id}/${id}`, source);
  if (id.includes("/")) return undefined;
  const last = exact(`anthropic/${id}`, source);
  return last && { ...last, guessed: true };
}

function nearest(ref: string, source: Source): { near?: string } {
  const wanted = ref.toLowerCase();
  const all = providerIds(source).flatMap((id) => providerOf(id, source)?.rows.map((row) => `${id}/${row.id}`) ?? []);
  const near = all.find(
    (candidate) => candidate.toLowerCase() === wanted || candidate.toLowerCase().endsWith(`/${wanted}`),
  );
  return near === undefined ? {} : { near };
}
