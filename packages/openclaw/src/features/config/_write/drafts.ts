/** The texts that a write can make of the file: single places changed, or the whole replaced. */
import { applyChanges, type Change } from "./change.ts";
import type { Draft, MakeDraft, WriteContext } from "./commit.ts";
import { errors } from "../errors.ts";
import type { ConfigFile } from "../index.ts";
import { layoutOf, route, type Layout } from "./layout.ts";
import { INCLUDE, isDict } from "../_load/merge.ts";
import { parseConfig } from "../_load/parse.ts";
import { formatPath, parsePath, valueAt, type Segment } from "../_path.ts";

export type EditRequest =
  | { readonly path: string; readonly value: unknown }
  | { readonly path: string; readonly remove: true };

/** Changes of single places: all or none. */
export function edits(context: WriteContext, requests: readonly EditRequest[]): MakeDraft {
  return changes(context, ({ tree }) => requests.map((request) => toChange(request, tree)));
}

/** The same for changes that depend on what the file says. */
export function changes(
  { platform }: WriteContext,
  make: (layout: Layout, before: ConfigFile) => readonly Change[],
): MakeDraft {
  return async (before) => {
    const layout = await layoutOf(before, platform.paths.home);
    const wanted = make(layout, before);
    if (wanted.length === 0) return undefined;
    const routed = wanted.map((change) => route(layout, change));
    const files = [...new Set(routed.map(({ file }) => file))];
    if (files.length > 1) throw errors.CONFIG_INCLUDED({ path: namesOf(routed.map(({ change }) => change)) });
    const own = routed.map(({ change }) => change);
    const [section] = files;
    if (section) return { section, text: await applyChanges(section.text, section.value, own) };
    return stamped(before.raw ?? "", before.parsed, { own, platform });
  };
}

/** The whole file replaced by a text: JSON5 with an object as root. */
export function replacement({ platform }: WriteContext, make: (before: ConfigFile) => Promise<string>): MakeDraft {
  return async (before) => {
    const text = await make(before);
    const parsed = await parseConfig(text);
    return stamped(text, parsed.ok ? parsed.value : {}, { own: [], platform });
  };
}

interface Stamping {
  readonly own: readonly Change[];
  readonly platform: WriteContext["platform"];
}

/** Says in the file who wrote it and when, unless that part comes from another file. */
async function stamped(text: string, value: unknown, { own, platform }: Stamping): Promise<Draft> {
  const meta = valueAt(value, ["meta"]);
  const stamps: Change[] = [
    { path: ["meta", "lastTouchedVersion"], value: platform.version },
    { path: ["meta", "lastTouchedAt"], value: new Date(platform.clock.now()).toISOString() },
  ];
  const foreign = isDict(meta) && Object.hasOwn(meta, INCLUDE);
  return { text: await applyChanges(text, value, foreign ? own : [...own, ...stamps]) };
}

function toChange(request: EditRequest, tree: unknown): Change {
  const path = parsePath(request.path);
  if (!path) throw errors.CONFIG_PATH_MALFORMED({ path: request.path });
  if (!("remove" in request)) return { path, value: request.value };
  if (path.length === 0 || valueAt(tree, path) === undefined) throw errors.CONFIG_PATH_UNKNOWN({ path: request.path });
  return { path, remove: true };
}

function namesOf(all: readonly { readonly path: readonly Segment[] }[]): string {
  return all.map(({ path }) => formatPath(path)).join(", ");
}
