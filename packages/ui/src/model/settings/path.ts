/** Places in the configuration: keys are text, positions in lists are numbers. */
export type Segment = string | number;
export type Path = readonly Segment[];
export type Dict = Readonly<Record<string, unknown>>;

export function isDict(value: unknown): value is Dict {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** `channels.telegram.groups["-100"].id`, `agents.list[0].id`: as the gateway writes paths. */
export function formatPath(path: Path): string {
  return path.reduce<string>((out, segment) => {
    if (typeof segment === "number") return `${out}[${segment}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(segment)) return `${out}[${JSON.stringify(segment)}]`;
    return out === "" ? segment : `${out}.${segment}`;
  }, "");
}

const SEGMENT = /(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy;

/** The way back of `formatPath`; undefined for what is no path. */
export function parsePath(text: string): Path | undefined {
  const path: Segment[] = [];
  SEGMENT.lastIndex = 0;
  let end = 0;
  for (let match = SEGMENT.exec(text); match !== null; match = SEGMENT.exec(text)) {
    const [, key, position, quoted] = match;
    end = SEGMENT.lastIndex;
    if (key !== undefined) path.push(key);
    else if (position !== undefined) path.push(Number(position));
    else path.push(unquote(quoted ?? '""'));
  }
  return end === text.length ? path : undefined;
}

function unquote(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const segment of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<Segment, unknown>)[segment];
  }
  return value;
}

/** A copy with another value at `path`; undefined takes the key, or the entry of a list, away. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  const inner = () => withValue(Array.isArray(root) || isDict(root) ? (root as Dict)[head] : undefined, rest, value);
  if (typeof head === "number") {
    const list: unknown[] = Array.isArray(root) ? [...(root as unknown[])] : [];
    if (rest.length === 0 && value === undefined) list.splice(head, 1);
    else list[head] = inner();
    return list;
  }
  const { [head]: _, ...others } = isDict(root) ? root : {};
  if (rest.length === 0 && value === undefined) return others;
  // In its place: the order of keys stays.
  return isDict(root) && Object.hasOwn(root, head) ? { ...root, [head]: inner() } : { ...others, [head]: inner() };
}

export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((segment, at) => segment === path[at]);
}

export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, at) => same(item, (b as unknown[])[at]));
  if (!isDict(a) || !isDict(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}
