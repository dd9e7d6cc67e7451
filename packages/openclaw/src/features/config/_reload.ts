/** What a change of a path needs, by the sections' own words. */
import type { ConfigSection, Reload } from "../../contracts/config.ts";
import type { Segment } from "./_path.ts";

/**
 * Whether the gateway must restart for a change at `path`: also where only a part would have to, and for
 * a path that no section has.
 */
export function needsRestart(sections: readonly ConfigSection[], path: readonly Segment[]): boolean {
  const words = path.map(String);
  const touched = sections.filter((section) => related(section.path.split("."), words));
  const deepest = Math.max(...touched.map((section) => section.path.split(".").length));
  const owners = touched.filter((section) => section.path.split(".").length >= Math.min(deepest, words.length));
  return (
    owners.length === 0 ||
    owners.some((section) => reloadOf(section, words.slice(section.path.split(".").length)).startsWith("restart"))
  );
}

/** The behaviour of the deepest matching entry of `reloads`, else of the section. */
function reloadOf(section: ConfigSection, below: readonly string[]): Reload {
  const entries = Object.entries(section.reloads ?? {}).map(([path, reload]) => ({ path: path.split("."), reload }));
  const fitting = entries.filter(
    ({ path }) => path.length <= below.length && path.every((word, at) => word === "*" || word === below[at]),
  );
  return fitting.toSorted((a, b) => b.path.length - a.path.length)[0]?.reload ?? section.reload;
}

function related(a: readonly string[], b: readonly string[]): boolean {
  return a.slice(0, b.length).every((word, at) => word === b[at]);
}
