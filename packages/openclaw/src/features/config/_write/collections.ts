/** Maps and lists that people collect entries in: a value that would drop some is most likely a mistake. */
import { errors } from "../errors.ts";
import { isDict } from "../_load/merge.ts";
import { formatPath, valueAt, type Segment } from "../_path.ts";

const PROTECTED: readonly (readonly string[])[] = [
  ["agents", "defaults", "models"],
  ["models", "providers"],
  ["models", "providers", "*", "models"],
  ["plugins", "entries"],
  ["auth", "profiles"],
];

/** Throws `CONFIG_WRITE_REJECTED` when entries of a protected place would go. Places in `confirmed`, and below, may lose some. */
export function refuseLoss(before: unknown, after: unknown, confirmed: readonly (readonly Segment[])[] = []): void {
  for (const path of PROTECTED.flatMap((pattern) => placesOf(before, pattern))) {
    if (confirmed.some((prefix) => prefix.every((segment, at) => String(segment) === String(path[at])))) continue;
    const kept = entriesOf(valueAt(after, path));
    const lost = entriesOf(valueAt(before, path)).filter((entry) => !kept.includes(entry));
    if (lost.length === 0) continue;
    throw errors.CONFIG_WRITE_REJECTED({
      reason: `it would remove ${lost.slice(0, 10).join(", ")} from ${formatPath(path)}; add with --merge, or confirm with --replace.`,
    });
  }
}

/** The places that a pattern means in a value. */
function placesOf(value: unknown, [word, ...rest]: readonly string[], path: readonly string[] = []): string[][] {
  if (word === undefined) return value === undefined ? [] : [[...path]];
  if (!isDict(value)) return [];
  const names = word === "*" ? Object.keys(value) : Object.hasOwn(value, word) ? [word] : [];
  return names.flatMap((name) => placesOf(value[name], rest, [...path, name]));
}

function entriesOf(value: unknown): readonly string[] {
  if (isDict(value)) return Object.keys(value);
  if (!Array.isArray(value)) return [];
  return value.map((item) => (isDict(item) && typeof item["id"] === "string" ? item["id"] : JSON.stringify(item)));
}
