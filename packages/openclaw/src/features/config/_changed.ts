/** Dotted paths at which two configurations differ: the deepest object paths, arrays as a whole. At most 100. */

const MAX = 100;

export function changedPaths(before: unknown, after: unknown, path = ""): string[] {
  if (Object.is(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names
    .flatMap((name) =>
      changedPaths(before[name], after[name], path === "" ? segment(name) : `${path}${segment(name, ".")}`),
    )
    .slice(0, MAX);
}

function segment(name: string, dot = ""): string {
  return /^[A-Za-z_$][\w$-]*$/.test(name) ? `${dot}${name}` : `[${JSON.stringify(name)}]`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
