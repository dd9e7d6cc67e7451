import type { Module } from "../boundaries/graph.ts";

/** Exports for the outside, for the generator or for a tool: nobody inside imports them. */
const FOR_OTHERS = [
  /\/contracts\//,
  /\/channel-kit\/index\.ts$/,
  /\/client\/index\.ts$/,
  /\/generated\//,
  /^extensions\/[^/]+\/index\.ts$/,
  /^scripts\/test\/(reporter|totals)/,
];

/** `path: name` of every export that no other module, test or not, imports. */
export function deadExports(modules: readonly Module[]): string[] {
  const used = new Map<string, Set<string>>();
  for (const { imports } of modules) {
    for (const { target, names } of imports) {
      if (target !== undefined) used.set(target, new Set([...(used.get(target) ?? []), ...names]));
    }
  }
  return modules
    .filter(({ path, isTest }) => !isTest && !FOR_OTHERS.some((pattern) => pattern.test(path)))
    .flatMap(({ path, exports }) => {
      const names = used.get(path) ?? new Set();
      return names.has("*")
        ? []
        : exports.filter((name) => name !== "*" && !names.has(name)).map((name) => `${path}: ${name}`);
    });
}
