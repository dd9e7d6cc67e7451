/** What is wrong with one plugin's entry concerns that plugin alone: the rest starts without it. */
import type { Issue } from "./check.ts";
import { isDict, type Dict } from "./merge.ts";

/**
 * The tree without the entries that have issues, and the issues as warnings; undefined when anything else is
 * wrong as well.
 */
export function withoutBrokenPlugins(
  tree: Dict,
  issues: readonly Issue[],
): { readonly tree: Dict; readonly warnings: readonly Issue[] } | undefined {
  const broken = issues.map(({ path: [root, list, id] }) =>
    root === "plugins" && list === "entries" ? id : undefined,
  );
  if (broken.length === 0 || broken.some((id) => typeof id !== "string")) return undefined;
  const plugins = isDict(tree["plugins"]) ? tree["plugins"] : {};
  const entries = isDict(plugins["entries"]) ? plugins["entries"] : {};
  const kept = Object.fromEntries(Object.entries(entries).filter(([id]) => !broken.includes(id)));
  return {
    tree: { ...tree, plugins: { ...plugins, entries: kept } },
    warnings: issues.map(({ path, message }) => ({ path, message: `${message}; this plugin is left out` })),
  };
}
