/** Whether references to secrets could be resolved, for `--dry-run`. No value is kept or shown. */
import type { Env } from "../../base/env.ts";
import { isDict, type Dict } from "./_merge.ts";
import { formatPath, valueAt, type Segment } from "./_path.ts";

export interface Resolvability {
  readonly checked: number;
  /** References to programs, which only run when that is allowed. */
  readonly skipped: number;
  readonly errors: readonly { readonly message: string; readonly ref: string }[];
}

interface Ref {
  readonly at: string;
  readonly source: string;
  readonly provider: string;
  readonly id: string;
}

/** Looks at every reference that stands at or below the given paths. */
export function checkRefs(
  root: unknown,
  paths: readonly (readonly Segment[])[],
  env: Env,
): Resolvability & { readonly complete: boolean } {
  const refs = paths.flatMap((path) => refsIn(valueAt(root, path), path));
  const defaults = valueAt(root, "secrets.defaults");
  const found = refs.map((ref) => problemOf(ref, { root, env, defaults }));
  const errors = found.flatMap((problem, at) =>
    problem === undefined || problem === "skipped" ? [] : [{ message: problem, ref: nameOf(refs[at]) }],
  );
  const skipped = found.filter((problem) => problem === "skipped").length;
  return { checked: refs.length - skipped, skipped, errors, complete: skipped === 0 };
}

function problemOf(
  { at, source, provider, id }: Ref,
  { root, env, defaults }: { root: unknown; env: Env; defaults: unknown },
): string | undefined {
  const alias = provider || String(valueAt(defaults, source) ?? "default");
  const known = valueAt(root, ["secrets", "providers", alias]);
  const implicit = source === "env" && alias === "default" && known === undefined;
  if (!implicit && !isDict(known)) return `${at}: there is no secrets.providers.${alias}`;
  if (isDict(known) && known["source"] !== source) return `${at}: secrets.providers.${alias} is not of kind ${source}`;
  if (source !== "env") return "skipped";
  const allowed = isDict(known) ? known["allowlist"] : undefined;
  if (Array.isArray(allowed) && !allowed.includes(id)) return `${at}: secrets.providers.${alias} does not allow ${id}`;
  return env[id] ? undefined : `${at}: the environment variable ${id} is missing or empty`;
}

function refsIn(value: unknown, path: readonly Segment[]): Ref[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => refsIn(item, [...path, at]));
  if (!isDict(value)) return [];
  const ref = asRef(value, path);
  return ref ? [ref] : Object.entries(value).flatMap(([key, item]) => refsIn(item, [...path, key]));
}

function asRef(value: Dict, path: readonly Segment[]): Ref | undefined {
  const { source, id, provider = "" } = value;
  const known = source === "env" || source === "file" || source === "exec";
  if (!known || typeof id !== "string" || typeof provider !== "string") return undefined;
  return { at: formatPath(path), source, provider, id };
}

function nameOf(ref: Ref | undefined): string {
  return ref === undefined ? "" : `${ref.source}:${ref.provider || "default"}:${ref.id}`;
}
