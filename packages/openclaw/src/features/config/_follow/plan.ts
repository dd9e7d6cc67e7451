/** What a changed file needs, by the sections' own words: a pure function from paths to actions. */
import type { ConfigSection, Reload } from "../../../contracts/config.ts";
import { parsePath, type Segment } from "../_path.ts";
import { childSchema, type Schema } from "../_schema/schema.ts";

export interface ReloadPlan {
  /** Read at their next use. */
  readonly live: readonly string[];
  /** Read by nothing that runs. */
  readonly none: readonly string[];
  /** Part → the paths for which it restarts. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /** Only a restart of the gateway takes them up. */
  readonly restart: readonly string[];
}

/** The action of every changed path; one that needs several is listed under each. */
export function planReload(sections: readonly ConfigSection[], changed: readonly string[]): ReloadPlan {
  const live: string[] = [];
  const none: string[] = [];
  const restart: string[] = [];
  const parts: Record<string, string[]> = {};
  for (const path of changed) {
    const actions = reloadsAt(sections, parsePath(path) ?? []);
    if (actions.includes("restart")) {
      restart.push(path);
      continue;
    }
    const own = actions.filter((action) => action.startsWith("restart:")).map((action) => action.slice(8));
    for (const part of own) (parts[part] ??= []).push(path);
    if (own.length === 0) (actions.includes("live") ? live : none).push(path);
  }
  return { live, none, parts, restart };
}

/** Whether nothing but a restart of the gateway, or of a part of it, takes up a change at `path`. */
export function needsRestart(sections: readonly ConfigSection[], path: readonly Segment[]): boolean {
  return reloadsAt(sections, path).some((action) => action.startsWith("restart"));
}

/** What clients are told about one path. */
export function reloadKind(sections: readonly ConfigSection[], path: readonly Segment[]): "restart" | "hot" | "none" {
  const actions = reloadsAt(sections, path);
  if (actions.includes("restart")) return "restart";
  return actions.every((action) => action === "none") ? "none" : "hot";
}

/** The parts that a change at `path` can restart, `gateway` for the whole; none when it applies at once. */
export function restartsAt(sections: readonly ConfigSection[], path: readonly Segment[]): readonly string[] {
  const actions = reloadsAt(sections, path);
  if (actions.includes("restart")) return ["gateway"];
  return actions.filter((action) => action.startsWith("restart:")).map((action) => action.slice("restart:".length));
}

/**
 * Every action that a change at `path` can need. The deepest section decides; a path above sections, or
 * above a section's exceptions, needs what any of them needs. A path that nobody declared restarts.
 */
function reloadsAt(sections: readonly ConfigSection[], path: readonly Segment[]): readonly Reload[] {
  const words = path.map(String);
  const above = sections.filter((section) => begins(words, section.path.split(".")));
  const depth = Math.max(0, ...above.map((section) => section.path.split(".").length));
  const owners = above.filter((section) => section.path.split(".").length === depth);
  const below = sections.filter((section) => {
    const own = section.path.split(".");
    return own.length > words.length && begins(own, words);
  });
  const found = [
    ...withKey(owners, words[depth]).flatMap((section) => within(section, words.slice(depth))),
    ...below.flatMap((section) => [section.reload, ...Object.values(section.reloads ?? {})]),
  ];
  return found.length === 0 ? ["restart"] : [...new Set(found)];
}

/** Of sections at one place those that declare the key, if any does. */
function withKey(sections: readonly ConfigSection[], key: string | undefined): readonly ConfigSection[] {
  if (key === undefined || sections.length < 2) return sections;
  const declaring = sections.filter((section) => childSchema(section.schema as unknown as Schema, key) !== undefined);
  return declaring.length > 0 ? declaring : sections;
}

/** The action of the deepest entry that fits, else the section's; and those of the entries below the path. */
function within(section: ConfigSection, rest: readonly string[]): readonly Reload[] {
  const entries = Object.entries(section.reloads ?? {}).map(([path, reload]) => ({ path: words(path), reload }));
  const fitting = entries.filter(({ path }) => begins(rest, path));
  const own = fitting.toSorted((a, b) => b.path.length - a.path.length)[0]?.reload ?? section.reload;
  const deeper = entries.filter(({ path }) => path.length > rest.length && begins(path, rest));
  return [own, ...deeper.map(({ reload }) => reload)];
}

/** `list[].heartbeat` and `list.*.heartbeat` are the same. */
function words(path: string): readonly string[] {
  return path.replaceAll(/\[\*?\]/g, ".*").split(".");
}

function begins(path: readonly string[], prefix: readonly string[]): boolean {
  return (
    prefix.length <= path.length && prefix.every((word, at) => word === path[at] || word === "*" || path[at] === "*")
  );
}
