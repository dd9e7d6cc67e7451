/**
 * The way back of redaction: a client that sends `__OPENCLAW_REDACTED__` where it was given it means the
 * stored value. Entries of lists are recognised by `id`, `name` or what is visible of them, never by
 * position alone, so that no secret ends up at another entry. What stands for nothing stays and is then
 * refused by validation.
 */
import { isDeepStrictEqual } from "node:util";
import { isDict } from "../_load/merge.ts";
import { formatPath, type Segment } from "../_path.ts";
import { REDACTED, redact, type IsSecret } from "../_schema/redact.ts";

interface Restored {
  readonly at: readonly Segment[];
  readonly from: readonly Segment[];
  readonly value: string | number;
}

/** Data with every placeholder replaced by the stored value. */
export function restoreData(given: unknown, stored: unknown, isSecret: IsSecret): unknown {
  const found = new Map(
    restoredIn({ value: given, at: [] }, { value: stored, at: [] }, isSecret).map((each) => [
      formatPath(each.at),
      each.value,
    ]),
  );
  const walk = (value: unknown, path: readonly Segment[]): unknown => {
    if (value === REDACTED) return found.get(formatPath(path)) ?? value;
    if (Array.isArray(value)) return value.map((item, at) => walk(item, [...path, at]));
    if (!isDict(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return found.size === 0 ? given : walk(given, []);
}

/** The same for JSON5 text: the literals of the stored text are put in as they were written. */
export async function restoreText(
  given: { readonly text: string; readonly value: unknown },
  stored: { readonly text: string; readonly value: unknown },
  isSecret: IsSecret,
): Promise<string> {
  if (!given.text.includes(REDACTED)) return given.text;
  const { eachScalar, syntaxTree } = await import("../_syntax.ts");
  const found = restoredIn({ value: given.value, at: [] }, { value: stored.value, at: [] }, isSecret);
  const places = new Map(found.map((each) => [formatPath(each.at), each]));
  const written = new Map<string, string>();
  const before = syntaxTree(stored.text);
  if (before)
    eachScalar(before, (path, value, { start, end }) => {
      written.set(`${formatPath(path)} ${JSON.stringify(value)}`, stored.text.slice(start, end));
    });
  const cuts: { start: number; end: number; by: string }[] = [];
  const tree = syntaxTree(given.text);
  if (tree)
    eachScalar(tree, (path, value, range) => {
      const source = value === REDACTED ? places.get(formatPath(path)) : undefined;
      if (!source) return;
      const literal = JSON.stringify(source.value);
      cuts.push({ ...range, by: written.get(`${formatPath(source.from)} ${literal}`) ?? literal });
    });
  return cuts.toReversed().reduce((out, { start, end, by }) => out.slice(0, start) + by + out.slice(end), given.text);
}

interface Spot {
  readonly value: unknown;
  readonly at: readonly Segment[];
}

function restoredIn(given: Spot, stored: Spot, isSecret: IsSecret): Restored[] {
  const { value, at } = given;
  if (value === REDACTED) {
    const old = stored.value;
    const known = (typeof old === "string" || typeof old === "number") && old !== REDACTED;
    return known && redact(old, isSecret, stored.at) === REDACTED ? [{ at, from: stored.at, value: old }] : [];
  }
  if (Array.isArray(value)) {
    const twins = twinsOf(value, stored, isSecret);
    return value.flatMap((item, index) => {
      const twin = twins[index];
      return twin ? restoredIn({ value: item, at: [...at, index] }, twin, isSecret) : [];
    });
  }
  if (!isDict(value) || !isDict(stored.value)) return [];
  const old = stored.value;
  return Object.entries(value).flatMap(([key, item]) =>
    Object.hasOwn(old, key)
      ? restoredIn({ value: item, at: [...at, key] }, { value: old[key], at: [...stored.at, key] }, isSecret)
      : [],
  );
}

/** For each entry of a list the stored entry that it is, if that is beyond doubt. */
function twinsOf(items: readonly unknown[], stored: Spot, isSecret: IsSecret): (Spot | undefined)[] {
  const old = Array.isArray(stored.value) ? (stored.value as readonly unknown[]) : [];
  const spots = old.map((value, index): Spot => ({ value, at: [...stored.at, index] }));
  return items.map((item, index) => {
    const name = nameOf(item);
    if (name !== undefined) {
      const named = spots.filter((spot) => nameOf(spot.value) === name);
      return named.length === 1 ? named[0] : undefined;
    }
    const alike = spots.filter((spot) => isDeepStrictEqual(redact(spot.value, isSecret, spot.at), item));
    if (alike.length < 2) return alike[0];
    return items.length === old.length ? alike.find((spot) => spot.at.at(-1) === index) : undefined;
  });
}

function nameOf(item: unknown): string | undefined {
  if (!isDict(item)) return undefined;
  const name = ["id", "name", "key"].map((key) => item[key]).find((value) => typeof value === "string");
  return name === REDACTED ? undefined : name;
}
