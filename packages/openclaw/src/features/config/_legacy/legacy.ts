/**
 * Step 6 of loading: keys of older versions. A migration looks at the tree and says which values have moved;
 * the moves are made one migration after the other, in memory at every load, in the file by doctor and by a
 * gateway that starts. A value that stands at the new place already wins.
 */
import { agentMigrations } from "./agent.ts";
import { keyMigrations } from "./keys.ts";
import { routingMigrations } from "./routing.ts";
import { isDict, type Dict } from "../_load/merge.ts";
import { formatPath, valueAt, type Segment } from "../_path.ts";

/**
 * How an old key is treated:
 * `renamed`: stands for the new one in a gateway, which also rewrites the file; other commands stop ·
 * `accepted`: stands for the new one everywhere; doctor rewrites it ·
 * `ignored`: means nothing any more; doctor does with it what the move says ·
 * `offered`: still understood as it is; only doctor moves it.
 */
export type Treatment = "renamed" | "accepted" | "ignored" | "offered";

export interface Move {
  readonly from: readonly Segment[];
  /** Where the value goes, in what form; nowhere for a key that is only removed. */
  readonly to: readonly Target[];
  /** What to say instead of `old → new`. */
  readonly say?: string;
}

export interface Target {
  readonly path: readonly Segment[];
  readonly value: unknown;
  /** The value already takes account of what stands there. */
  readonly whole?: true;
}

export interface Migration {
  readonly treatment: Treatment;
  /** Pure. `root` is whatever a file held: nothing about it is known. */
  readonly moves: (root: Dict) => readonly Move[];
}

const MIGRATIONS: readonly Migration[] = [...routingMigrations, ...agentMigrations, ...keyMigrations];

export interface Legacy {
  readonly path: readonly Segment[];
  /** `is now channels.whatsapp.allowFrom` */
  readonly message: string;
  readonly treatment: Treatment;
}

/** One edit of the file: a value that is set, or a key that is removed. */
export type Edit =
  | { readonly path: readonly Segment[]; readonly value: unknown }
  | { readonly path: readonly Segment[]; readonly remove: true };

export interface Modernized {
  readonly root: Dict;
  readonly found: readonly Legacy[];
  /** New path, old path: for saying where in the file a value stands. */
  readonly moved: readonly (readonly [to: readonly Segment[], from: readonly Segment[]])[];
}

/** The tree as a load sees it, and every old key in it. The same tree when there is none. */
export function modernize(given: Dict): Modernized {
  const found: Legacy[] = [];
  const moved: (readonly [readonly Segment[], readonly Segment[]])[] = [];
  let root = given;
  for (const { treatment, moves } of MIGRATIONS) {
    for (const move of moves(root)) {
      found.push({ path: move.from, message: described(move, treatment), treatment });
      if (treatment === "offered") continue;
      const targets = treatment === "ignored" ? [] : move.to;
      root = editsOf({ ...move, to: targets }, root).reduce(withEdit, root);
      moved.push(...targets.map(({ path }) => [path, move.from] as const));
    }
  }
  return { root, found, moved };
}

/** Where a value of the new tree stood in the old one; the same path for one that has not moved. */
export function beforeMove(path: readonly Segment[], moved: Modernized["moved"]): readonly Segment[] {
  for (const [to, from] of moved) {
    if (to.length <= path.length && to.every((segment, at) => segment === path[at]))
      return [...from, ...path.slice(to.length)];
  }
  return path;
}

export interface Rewrite {
  /** `routing.allowFrom → channels.whatsapp.allowFrom`, one per old key. */
  readonly lines: readonly string[];
  readonly edits: readonly Edit[];
}

/** The edits that bring a file up to date. Moves for which `allowed` says no are left out. */
export function rewriteOf(given: Dict, allowed: (move: Move) => boolean = () => true): Rewrite {
  const lines: string[] = [];
  const edits: Edit[] = [];
  let root = given;
  for (const { moves } of MIGRATIONS) {
    for (const move of moves(root)) {
      if (!allowed(move)) continue;
      const next = editsOf(move, root);
      edits.push(...next);
      root = next.reduce(withEdit, root);
      lines.push(lineOf(move));
    }
  }
  return { lines, edits };
}

function lineOf({ from, to, say }: Move): string {
  const old = formatPath(from);
  return say ?? (to.length === 0 ? `removed ${old}` : `${old} → ${targetsOf(to)}`);
}

function described({ to, say }: Move, treatment: Treatment): string {
  if (treatment === "ignored")
    return to.length === 0 ? "has no effect any more" : `has no effect any more; use ${targetsOf(to)}`;
  if (to.length === 0) return say ?? "has no effect any more";
  return treatment === "offered" ? `is better written as ${targetsOf(to)}` : `is now ${targetsOf(to)}`;
}

function targetsOf(to: readonly Target[]): string {
  return to.map(({ path }) => formatPath(path)).join(", ");
}

/** Sets what is new, removes the old key, and with it parents that it leaves empty. */
function editsOf({ from, to }: Move, root: Dict): Edit[] {
  const sets = to.flatMap(({ path, value, whole }): Edit[] => {
    if (isBlocked(root, path)) return [];
    const there = valueAt(root, path);
    const wanted = whole ? value : beneath(there, value);
    return there === wanted || wanted === undefined ? [] : [{ path, value: wanted }];
  });
  const isReplaced = to.some(({ path }) => formatPath(path) === formatPath(from));
  if (isReplaced) return sets;
  return [...sets, { path: emptyParent(from, sets.reduce(withEdit, root)), remove: true }];
}

/** Whether something else stands where an object (or the list that is meant) on the way would have to be. */
function isBlocked(root: Dict, path: readonly Segment[]): boolean {
  return path.slice(0, -1).some((_, depth) => {
    const holder = valueAt(root, path.slice(0, depth + 1));
    const next = path[depth + 1];
    if (Array.isArray(holder)) return typeof next !== "number" || next >= holder.length;
    return holder !== undefined && !isDict(holder);
  });
}

/** The highest key that would be left without content. Keys inside lists are never removed with their item. */
function emptyParent(from: readonly Segment[], root: Dict): readonly Segment[] {
  let path = from;
  while (path.length > 1) {
    const parent = path.slice(0, -1);
    const holder = valueAt(root, parent);
    if (!isDict(holder) || Object.keys(holder).length > 1 || typeof parent.at(-1) === "number") break;
    path = parent;
  }
  return path;
}

/** What stands there wins; objects are joined key by key. */
function beneath(there: unknown, old: unknown): unknown {
  if (there === undefined) return old;
  if (!isDict(there) || !isDict(old)) return there;
  const added = Object.keys(old).filter(
    (key) => !Object.hasOwn(there, key) || beneath(there[key], old[key]) !== there[key],
  );
  if (added.length === 0) return there;
  const entries = added.map(
    (key) => [key, Object.hasOwn(there, key) ? beneath(there[key], old[key]) : old[key]] as const,
  );
  return Object.fromEntries([...Object.entries(there).filter(([key]) => !added.includes(key)), ...entries]);
}

function withEdit(root: Dict, edit: Edit): Dict {
  return changed(root, edit.path, edit) as Dict;
}

function changed(node: unknown, [key, ...rest]: readonly Segment[], edit: Edit): unknown {
  if (key === undefined) return "remove" in edit ? undefined : edit.value;
  const child = changed(valueAt(node, [key]), rest, edit);
  if (Array.isArray(node)) return child === undefined ? node.toSpliced(Number(key), 1) : node.with(Number(key), child);
  const entries = isDict(node) ? Object.entries(node) : [];
  const at = entries.findIndex(([name]) => name === String(key));
  if (child === undefined) return Object.fromEntries(entries.filter(([name]) => name !== String(key)));
  return Object.fromEntries(at < 0 ? [...entries, [String(key), child]] : entries.with(at, [String(key), child]));
}
