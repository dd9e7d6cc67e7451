/** JSON merge patch (RFC 7396) as changes of single places, so that the rest of the file keeps its form. */
import { isDeepStrictEqual } from "node:util";
import type { Change } from "./change.ts";
import { isDict, type Dict } from "../_load/merge.ts";
import type { Segment } from "../_path.ts";

/** Objects merge, `null` removes, everything else replaces; what is as wanted already needs no change. */
export function patchChanges(patch: Dict, stored: unknown, path: readonly Segment[] = []): Change[] {
  return Object.entries(patch).flatMap(([key, value]): Change[] => {
    const at = [...path, key];
    const known = isDict(stored) && Object.hasOwn(stored, key);
    const before = known ? stored[key] : undefined;
    if (value === null) return known ? [{ path: at, remove: true }] : [];
    if (isDict(value) && isDict(before)) return patchChanges(value, before, at);
    const wanted = withoutNulls(value);
    return known && isDeepStrictEqual(wanted, before) ? [] : [{ path: at, value: wanted }];
  });
}

/** The deepest paths that a patch names. */
export function patchPaths(patch: Dict, path: readonly Segment[] = []): (readonly Segment[])[] {
  return Object.entries(patch).flatMap(([key, value]) =>
    isDict(value) && Object.keys(value).length > 0 ? patchPaths(value, [...path, key]) : [[...path, key]],
  );
}

function withoutNulls(value: unknown): unknown {
  if (!isDict(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
