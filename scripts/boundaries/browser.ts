import { isBuiltin } from "node:module";
import type { Module } from "./graph.ts";

/**
 * What the Control UI loads must run in a browser: nothing it reaches at load time imports a part of
 * Node. Behind `import()` there may be what only Node will ever load.
 * Answers with the way there: `packages/ui/src/main.tsx → … → node:fs`.
 */
export function browserProblems(modules: readonly Module[]): string[][] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const starts = modules.filter(({ path, isTest }) => path.startsWith("packages/ui/src/") && !isTest);
  const ways = starts.map(({ path }) => [path]);
  const seen = new Set(starts.map(({ path }) => path));
  const problems: string[][] = [];
  for (const way of ways) {
    for (const { kind, target, specifier } of byPath.get(way.at(-1)!)?.imports ?? []) {
      if (kind !== "static") continue;
      if (isBuiltin(specifier)) problems.push([...way, specifier]);
      if (target === undefined || seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return problems;
}
