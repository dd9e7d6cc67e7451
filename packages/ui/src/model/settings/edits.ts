/** Edits that are not saved yet, and what they come to: a merge patch, a list of differences, the way back. */
import { isDict, formatPath, same, startsWith, valueAt, withValue } from "./path.ts";
import type { Dict, Path } from "./path.ts";

export const REDACTED = "__OPENCLAW_REDACTED__";

/** Without `value` the setting is taken out of the file. */
export interface Edit {
  readonly path: Path;
  readonly value?: unknown;
}

export interface Difference {
  readonly path: Path;
  readonly before?: unknown;
  readonly after?: unknown;
}

export function apply(base: unknown, edits: readonly Edit[]): Dict {
  const made = edits.reduce<unknown>((root, { path, value }) => withValue(root, path, value), base);
  return isDict(made) ? made : {};
}

/**
 * The edits with another value at `path`. What stands in a list is edited as that list, since a merge patch
 * replaces lists as a whole; what comes back to the value of `base` is no edit.
 */
export function edit(edits: readonly Edit[], base: unknown, path: Path, value: unknown): readonly Edit[] {
  const list = path.findIndex((segment) => typeof segment === "number");
  const at = list < 0 ? path : path.slice(0, list);
  const draft = apply(base, edits);
  const made = list < 0 ? value : withValue(valueAt(draft, at), path.slice(list), value);
  const above = edits.findIndex((one) => one.path.length < at.length && startsWith(at, one.path));
  if (above >= 0) {
    const outer = edits[above] as Edit;
    return edits.with(above, entry(outer.path, withValue(outer.value, at.slice(outer.path.length), made)));
  }
  const others = edits.filter((one) => !startsWith(one.path, at));
  return same(valueAt(base, at), made) ? others : [...others, entry(at, made)];
}

function entry(path: Path, value: unknown): Edit {
  return value === undefined ? { path } : { path, value };
}

/** The edits that still change something in a file that was read again. */
export function rebase(edits: readonly Edit[], base: unknown): readonly Edit[] {
  return edits.filter(({ path, value }) => !same(valueAt(base, path), value));
}

/** JSON merge patch (RFC 7396) from one tree to another. */
export function patchOf(before: Dict, after: Dict): Dict {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (same(old, value)) continue;
    patch[key] = isDict(old) && isDict(value) ? patchOf(old, value) : value;
  }
  return patch;
}

/** Where two trees differ, at the deepest keys; lists count as one value. */
export function differences(before: unknown, after: unknown, path: Path = []): readonly Difference[] {
  if (same(before, after)) return [];
  const begun = before === undefined && isDict(after) && Object.keys(after).length > 0;
  if (isDict(after) && (isDict(before) || begun)) {
    const old = isDict(before) ? before : {};
    return [...new Set([...Object.keys(old), ...Object.keys(after)])].flatMap((key) =>
      differences(old[key], after[key], [...path, key]),
    );
  }
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** Whether the way back needs a secret that no page was ever told. */
export function needsSecret(list: readonly Difference[]): boolean {
  return list.some(({ before, after }) => hides(before) && !same(before, after));
}

function hides(value: unknown): boolean {
  if (value === REDACTED) return true;
  if (isDict(value)) return Object.values(value).some(hides);
  return false;
}

/** What the gateway said, by the setting that it is about: the path itself or what stands around or below it. */
export function issueFor(
  issues: readonly { readonly path: string; readonly message: string }[],
  path: Path,
): string | undefined {
  const name = formatPath(path);
  return issues.find((issue) => issue.path === name || below(issue.path, name))?.message;
}

function below(path: string, above: string): boolean {
  return path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

/** The file as data, with the content of included files where it names them. */
export function included(parsed: unknown, config: unknown): unknown {
  if (!isDict(parsed)) return parsed;
  if ("$include" in parsed) return isDict(config) || Array.isArray(config) ? config : {};
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [key, included(value, isDict(config) ? config[key] : undefined)]),
  );
}
