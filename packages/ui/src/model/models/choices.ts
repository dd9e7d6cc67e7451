/** The models that the configuration names, and the file with another choice. Every function is pure. */
import { isDict, valueAt, withValue } from "../settings/path.ts";
import type { Dict } from "../settings/path.ts";

/** `model` answers, `imageModel` looks at pictures where the first one cannot. */
export type Role = "model" | "imageModel";

export interface Choice {
  readonly primary?: string;
  readonly fallbacks: readonly string[];
}

const DEFAULTS = ["agents", "defaults"] as const;

export function choiceOf(base: Dict, role: Role): Choice {
  const value = valueAt(base, [...DEFAULTS, role]);
  if (typeof value === "string") return { primary: value, fallbacks: [] };
  if (!isDict(value)) return { fallbacks: [] };
  const { primary, fallbacks } = value;
  return {
    ...(typeof primary === "string" ? { primary } : {}),
    fallbacks: Array.isArray(fallbacks) ? fallbacks.filter((one) => typeof one === "string") : [],
  };
}

/** With another choice; written as text where it is no more than one model and was no object before. */
export function withChoice(base: Dict, role: Role, { primary, fallbacks }: Choice): Dict {
  const path = [...DEFAULTS, role];
  const before = valueAt(base, path);
  const listed = [primary, ...fallbacks].reduce<Dict>((root, ref) => withAllowed(root, ref), base);
  if (primary === undefined && fallbacks.length === 0) return withValue(listed, path, undefined) as Dict;
  const short = fallbacks.length === 0 && !isDict(before);
  const kept = isDict(before) ? before : {};
  const { primary: _old, ...others } = kept;
  const whole = { ...others, ...(primary === undefined ? {} : { primary }), fallbacks };
  return withValue(listed, path, short ? primary : whole) as Dict;
}

/** Where there is a list of models that may be used, a chosen one is put into it. */
function withAllowed(base: Dict, ref: string | undefined): Dict {
  const list = listOf(base);
  if (ref === undefined || Object.keys(list).length === 0 || Object.hasOwn(list, ref)) return base;
  return withValue(base, [...DEFAULTS, "models", ref], {}) as Dict;
}

export interface Alias {
  readonly alias: string;
  readonly ref: string;
}

export function aliasesOf(base: Dict): readonly Alias[] {
  return Object.entries(listOf(base)).flatMap(([ref, entry]) =>
    isDict(entry) && typeof entry["alias"] === "string" ? [{ alias: entry["alias"], ref }] : [],
  );
}

/** Only what is in the list may be chosen; an empty list restricts nothing. */
export function hasList(base: Dict): boolean {
  return Object.keys(listOf(base)).length > 0;
}

export type AliasProblem = "name" | "taken";

/** What a short name may be, and whether it is free. */
export function aliasProblem(base: Dict, { alias, ref }: Alias): AliasProblem | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(alias)) return "name";
  const holder = aliasesOf(base).find((one) => one.alias.toLowerCase() === alias.toLowerCase());
  return holder === undefined || holder.ref === ref ? undefined : "taken";
}

/** Undefined takes the short name away; the model stays in the list. */
export function withAlias(base: Dict, ref: string, alias: string | undefined): Dict {
  return withValue(base, [...DEFAULTS, "models", ref, "alias"], alias) as Dict;
}

export function withKey(base: Dict, provider: string, key: string | undefined): Dict {
  return withValue(base, ["models", "providers", provider, "apiKey"], key) as Dict;
}

/** Providers with an entry in the file. */
export function entriesOf(base: Dict): Dict {
  const value = valueAt(base, ["models", "providers"]);
  return isDict(value) ? value : {};
}

function listOf(base: Dict): Dict {
  const value = valueAt(base, [...DEFAULTS, "models"]);
  return isDict(value) ? value : {};
}
