/** Whether references to secrets could be resolved, for `--dry-run`. No value is kept or shown. */
import { isSecretRef, type SecretReference } from "../../../contracts/secret-ref.ts";
import type { ResolveSecrets } from "../index.ts";
import { isDict, type Dict } from "../_load/merge.ts";
import { formatPath, type Segment } from "../_path.ts";

export interface Resolvability {
  readonly checked: number;
  /** References to programs, which only run when that is allowed. */
  readonly skipped: number;
  readonly errors: readonly { readonly message: string; readonly ref: string }[];
}

interface Found {
  readonly path: readonly Segment[];
  readonly ref: SecretReference;
}

export interface Wanted {
  /** Only references at or below these are looked at. */
  readonly paths: readonly (readonly Segment[])[];
  readonly resolve: ResolveSecrets;
  readonly allowExec: boolean;
}

/** `root` is a valid configuration with its defaults. */
export async function checkRefs(root: Dict, { paths, resolve, allowExec }: Wanted): Promise<Resolvability> {
  const concerned = refsIn(root, []).filter(({ path }) => paths.some((prefix) => begins(path, prefix)));
  const asked = concerned.filter(({ ref }) => allowExec || ref.source !== "exec");
  const names = new Map(asked.map(({ path, ref }) => [formatPath(path), nameOf(ref)]));
  const { issues } = asked.length === 0 ? { issues: [] } : await resolve(only(root, names, []) as Dict, "check");
  return {
    checked: asked.length,
    skipped: concerned.length - asked.length,
    errors: issues.map(({ path, message }) => ({ message: `${path}: ${message}`, ref: names.get(path) ?? path })),
  };
}

function refsIn(value: unknown, path: readonly Segment[]): Found[] {
  if (isSecretRef(value)) return [{ path, ref: value }];
  if (Array.isArray(value)) return value.flatMap((item, at) => refsIn(item, [...path, at]));
  return isDict(value) ? Object.entries(value).flatMap(([key, item]) => refsIn(item, [...path, key])) : [];
}

/** The same with text in the place of every other reference, so that nobody is asked for it. */
function only(value: unknown, names: ReadonlyMap<string, string>, path: readonly Segment[]): unknown {
  if (isSecretRef(value)) return names.has(formatPath(path)) ? value : "not asked for";
  if (Array.isArray(value)) return value.map((item, at) => only(item, names, [...path, at]));
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, only(item, names, [...path, key])]));
}

function begins(path: readonly Segment[], prefix: readonly Segment[]): boolean {
  return prefix.every((segment, at) => String(segment) === String(path[at]));
}

function nameOf({ source, provider = "default", id }: SecretReference): string {
  return `${source}:${provider}:${id}`;
}
