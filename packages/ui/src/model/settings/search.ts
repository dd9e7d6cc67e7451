/** Search over every setting by name, path and help. */
import type { Catalogue, Hint } from "./schema.ts";

export interface Found {
  /** With `*` for any name or entry. */
  readonly path: string;
  readonly label: string;
  readonly help: string;
  readonly restarts: readonly string[];
}

interface Entry extends Found {
  readonly name: string;
  readonly lower: string;
  readonly text: string;
}

export type Index = readonly Entry[];

export function indexOf({ uiHints }: Catalogue): Index {
  return Object.entries(uiHints)
    .filter(([path]) => !path.endsWith("*") && path !== "$schema")
    .map(([path, { label, help = "", restarts = [] }]: [string, Hint]) => {
      const name = label ?? path.slice(path.lastIndexOf(".") + 1);
      const lower = path.toLowerCase();
      return {
        path,
        label: name,
        help,
        restarts,
        name: name.toLowerCase(),
        lower,
        text: `${lower} ${name} ${help}`.toLowerCase(),
      };
    });
}

/** What contains every word, best first: the name or key itself, then its beginning, then the path, then the help. */
export function search(index: Index, query: string): readonly Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return index
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .toSorted((a, b) => a.score - b.score)
    .map(({ entry }) => entry);
}

function scoreOf({ name, lower, path }: Entry, words: readonly string[]): number {
  const key = lower.slice(lower.lastIndexOf(".") + 1);
  const whole = words.join(" ");
  const rank =
    lower === whole || key === whole || name === whole
      ? 0
      : words.some((word) => key.startsWith(word) || name.startsWith(word))
        ? 1
        : words.some((word) => key.includes(word) || name.includes(word))
          ? 2
          : words.every((word) => lower.includes(word))
            ? 3
            : 4;
  const depth = path.split(".").length;
  return rank * 1000 + (path.includes("*") ? 500 : 0) + depth * 10;
}
