/** Putting values from several files together, without forgetting which came from where. */
import type { Segment } from "../_path.ts";

/** A value in a file. */
export interface Source {
  /** Absolute path of the file. */
  readonly file: string;
  /** Place of the value in that file. */
  readonly path: readonly Segment[];
}

export interface Piece {
  readonly value: unknown;
  readonly source: Source;
}

/** Children that did not come from beside each other in one file, by the value that holds them. */
export type Origins = WeakMap<object, ReadonlyMap<string, Source>>;

export type Dict = Readonly<Record<string, unknown>>;

export function isDict(value: unknown): value is Dict {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export const INCLUDE = "$include";

/** Whether a value holds an `$include` anywhere. */
export function hasInclude(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  if (!Array.isArray(value) && Object.hasOwn(value, INCLUDE)) return true;
  return Object.values(value).some(hasInclude);
}

/** The later one over the earlier: objects key by key, lists one behind the other, anything else replaces. */
export function mergePieces(earlier: Piece, later: Piece, origins: Origins): Piece {
  if (isDict(earlier.value) && isDict(later.value)) return mergeDicts(earlier, later, origins);
  if (Array.isArray(earlier.value) && Array.isArray(later.value)) {
    const items = [...itemsOf(earlier, origins), ...itemsOf(later, origins)];
    const value = items.map((item) => item.value);
    return { value: remember(value, items.entries(), origins), source: earlier.source };
  }
  return later;
}

/** An object put together from pieces. Every key is an own property, whatever it is called. */
export function dictOf(children: readonly (readonly [string, Piece])[], source: Source, origins: Origins): Piece {
  const value = Object.fromEntries(children.map(([key, child]) => [key, child.value]));
  return { value: remember(value, children, origins), source };
}

export function listOf(items: readonly Piece[], source: Source, origins: Origins): Piece {
  return {
    value: remember(
      items.map(({ value }) => value),
      items.entries(),
      origins,
    ),
    source,
  };
}

/** Follows a path down from the root to the file that the value there came from; as deep as the path exists. */
export function sourceAt(root: Piece, path: readonly Segment[], origins: Origins): Source {
  let piece = root;
  for (const segment of path) {
    const { value } = piece;
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, segment)) break;
    piece = childPiece(piece, segment, origins);
  }
  return piece.source;
}

function childPiece({ value, source }: Piece, key: Segment, origins: Origins): Piece {
  const child = (value as Readonly<Record<Segment, unknown>>)[key];
  const known = origins.get(value as object)?.get(String(key));
  return { value: child, source: known ?? { file: source.file, path: [...source.path, key] } };
}

function mergeDicts(earlier: Piece, later: Piece, origins: Origins): Piece {
  const [a, b] = [earlier.value as Dict, later.value as Dict];
  const keys = [...Object.keys(a), ...Object.keys(b).filter((key) => !Object.hasOwn(a, key))];
  const children = keys.map((key) => {
    if (!Object.hasOwn(b, key)) return [key, childPiece(earlier, key, origins)] as const;
    const over = childPiece(later, key, origins);
    return [key, Object.hasOwn(a, key) ? mergePieces(childPiece(earlier, key, origins), over, origins) : over] as const;
  });
  return dictOf(children, earlier.source, origins);
}

function itemsOf(piece: Piece, origins: Origins): Piece[] {
  return (piece.value as readonly unknown[]).map((_, at) => childPiece(piece, at, origins));
}

function remember<T extends object>(
  value: T,
  children: Iterable<readonly [string | number, Piece]>,
  origins: Origins,
): T {
  origins.set(value, new Map([...children].map(([key, { source }]) => [String(key), source])));
  return value;
}
