/** What the schema of the configuration says about a place. */
import { isDict } from "./path.ts";
import type { Dict, Path, Segment } from "./path.ts";

export type Schema = Dict;

export interface Hint {
  readonly label?: string;
  readonly help?: string;
  readonly order?: number;
  readonly advanced?: boolean;
  readonly sensitive?: boolean;
  readonly placeholder?: string;
  /** Parts that a change restarts; `gateway` is the whole. */
  readonly restarts?: readonly string[];
}

/** The answer of `config.schema`. */
export interface Catalogue {
  readonly schema: Schema;
  /** By path; `*` stands for any name or entry. */
  readonly uiHints: Readonly<Record<string, Hint>>;
}

/** The schema itself, or the shapes that it is a choice of. */
export function branchesOf(schema: Schema): readonly Schema[] {
  const branches = schema["anyOf"];
  return Array.isArray(branches) ? (branches as Schema[]).flatMap(branchesOf) : [schema];
}

export function namedOf(schema: Schema): readonly (readonly [string, Schema])[] {
  const found = new Map<string, Schema>();
  for (const branch of branchesOf(schema))
    for (const [key, child] of Object.entries((branch["properties"] ?? {}) as Record<string, Schema>))
      if (!found.has(key)) found.set(key, child);
  return [...found];
}

/** What stands under a known name. */
export function namedAt(schema: Schema, key: string): Schema | undefined {
  for (const branch of branchesOf(schema)) {
    const properties = branch["properties"];
    if (isDict(properties) && Object.hasOwn(properties, key)) return properties[key] as Schema;
  }
  return undefined;
}

/** What stands under names of one's own; undefined where only known names may stand. */
export function anyNameOf(schema: Schema): Schema | undefined {
  for (const branch of branchesOf(schema)) {
    const patterns = Object.values((branch["patternProperties"] ?? {}) as Record<string, Schema>);
    if (patterns[0] !== undefined) return patterns[0];
    if (isDict(branch["additionalProperties"])) return branch["additionalProperties"];
  }
  return undefined;
}

export function entryOf(schema: Schema): Schema | undefined {
  return branchesOf(schema).find((branch) => isDict(branch["items"]))?.["items"] as Schema | undefined;
}

/** The schema and the hint at a path; undefined where nothing may stand. */
export function lookUp({ schema, uiHints }: Catalogue, path: Path): { schema: Schema; hint: Hint } | undefined {
  let at: Schema | undefined = schema;
  const place: string[] = [];
  let hint: Hint = {};
  for (const segment of path) {
    if (at === undefined) return undefined;
    const named: Schema | undefined = typeof segment === "string" ? namedAt(at, segment) : undefined;
    place.push(named === undefined ? "*" : String(segment));
    at = named ?? (typeof segment === "number" ? entryOf(at) : anyNameOf(at));
    hint = uiHints[place.join(".")] ?? (hint.restarts ? { restarts: hint.restarts } : {});
  }
  return at === undefined ? undefined : { schema: at, hint };
}

/** Whether a value at a path is, or has in it, the text of a secret. */
export function holdsSecret(catalogue: Catalogue, path: Path, value: unknown): boolean {
  return value !== undefined && withSecrets(catalogue, { path, value }, () => undefined) !== value;
}

/** A copy in which `hide` stands for every secret; the value itself when there is none. */
export function withSecrets(
  catalogue: Catalogue,
  { path, value }: { readonly path: Path; readonly value: unknown },
  hide: (value: unknown) => unknown,
): unknown {
  if (lookUp(catalogue, path)?.hint.sensitive === true) return hide(value);
  const at = (key: Segment, item: unknown) => withSecrets(catalogue, { path: [...path, key], value: item }, hide);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => at(index, item));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isDict(value)) return value;
  const items = Object.entries(value).map(([key, item]) => [key, at(key, item)] as const);
  return items.some(([key, item]) => item !== value[key]) ? Object.fromEntries(items) : value;
}
