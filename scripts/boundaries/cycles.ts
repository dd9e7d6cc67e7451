import type { Module } from "./graph.ts";

/**
 * Groups of modules that import each other when they load, each as a closed walk `a → b → a`.
 * Types and `import()` do not count. Tarjan's algorithm, without recursion limits to fear at this size.
 */
export function cycles(modules: readonly Module[]): string[][] {
  const edges = new Map(modules.map((module) => [module.path, staticTargets(module)]));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  for (const path of edges.keys()) if (!index.has(path)) visit(path);
  return found;

  function visit(path: string): void {
    index.set(path, index.size);
    low.set(path, index.get(path)!);
    stack.push(path);
    for (const next of edges.get(path) ?? []) {
      if (!edges.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(path, Math.min(low.get(path)!, low.get(next)!));
    }
    if (low.get(path) !== index.get(path)) return;
    const group = stack.splice(stack.indexOf(path));
    if (group.length > 1 || edges.get(path)?.includes(path)) found.push(walk(path, new Set(group)));
  }

  /** The shortest way from `start` back to itself inside the group. */
  function walk(start: string, group: ReadonlySet<string>): string[] {
    const ways: string[][] = [[start]];
    const seen = new Set<string>();
    for (const way of ways) {
      for (const next of edges.get(way.at(-1)!) ?? []) {
        if (next === start) return [...way, start];
        if (group.has(next) && !seen.has(next)) {
          seen.add(next);
          ways.push([...way, next]);
        }
      }
    }
    return [...group];
  }
}

function staticTargets(module: Module): string[] {
  return module.imports.flatMap(({ kind, target }) => (kind === "static" && target !== undefined ? [target] : []));
}
