/**
 * Dotted paths at which two configurations differ: the deepest object paths. A list whose entries are
 * objects is compared entry by entry while its length stays; any other list counts as a whole.
 */
import { isRecord } from "../../../base/record.ts";
import { isDeepStrictEqual } from "node:util";

export function changedPaths(before: unknown, after: unknown, path = ""): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isList(before) && isList(after) && before.length === after.length)
    return before.flatMap((item, at) => changedPaths(item, after[at], `${path}[${at}]`));
  if (!isRecord(before) || !isRecord(after)) return [path];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => changedPaths(at(before, name), at(after, name), join(path, name)));
}

function at(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function join(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isRecord);
}
