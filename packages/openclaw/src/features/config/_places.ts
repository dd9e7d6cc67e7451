/** Where in which file a config path stands: for the messages that a person reads. */
import type { ConfigIssue } from "./index.ts";
import type { Source } from "./_load/merge.ts";
import { formatPath, type Segment } from "./_path.ts";

export interface Unplaced {
  readonly path: readonly Segment[];
  readonly message: string;
}

/** What was read, and how to follow a config path to its file. */
export interface Places {
  /** The configuration file. */
  readonly file: string;
  textOf(file: string): string | undefined;
  sourceOf(path: readonly Segment[]): Source;
}

/** Of one file that includes nothing. */
export function placesOfText(file: string, raw: string | undefined): Places {
  return { file, textOf: () => raw, sourceOf: (path) => ({ file, path }) };
}

/** Adds file, line and column; a file is only taken apart for that when there is an issue in it. */
export async function withPlaces(issues: readonly Unplaced[], places: Places): Promise<ConfigIssue[]> {
  if (issues.length === 0) return [];
  const sources = issues.map(({ path }) => places.sourceOf(path));
  const located = await locateAll(sources, places);
  return issues.map(({ path, message }, at) => ({
    path: formatPath(path),
    message,
    ...located[at],
  }));
}

type Located = Pick<ConfigIssue, "file" | "line" | "column">;

export async function locateAll(sources: readonly Source[], places: Places): Promise<Located[]> {
  if (sources.length === 0) return [];
  const { locate, syntaxTree } = await import("./_syntax.ts");
  const trees = new Map(
    [...new Set(sources.map(({ file }) => file))].map((file) => {
      const text = places.textOf(file);
      return [file, text === undefined ? undefined : syntaxTree(text)];
    }),
  );
  return sources.map(({ file, path }) => {
    const tree = trees.get(file);
    return { ...(file === places.file ? {} : { file }), ...(tree ? locate(tree, [path])[0] : {}) };
  });
}
