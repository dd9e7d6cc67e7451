/** Steps 3 and 6 of loading as they change a file that is being read. */
import { sha256 } from "../../../base/ids.ts";
import type { ConfigSource } from "./load.ts";
import type { ConfigFile } from "../index.ts";
import { beforeMove, modernize, type Treatment } from "../_legacy/legacy.ts";
import { hasInclude, sourceAt, type Dict } from "./merge.ts";
import { locateAll, placesOfText, withPlaces, type Places } from "../_places.ts";

export interface Read {
  readonly file: ConfigFile;
  readonly places: Places;
}

export interface Including {
  readonly file: ConfigFile;
  readonly value: Dict;
  readonly raw: string | undefined;
  readonly included: ReadonlyMap<string, string> | undefined;
}

/** Step 3; free of charge for a file that includes nothing. */
export async function includeFiles(
  { env, paths }: ConfigSource,
  { file, value, raw, included }: Including,
): Promise<Read & { readonly whole: Dict }> {
  if (!hasInclude(value)) return { file, whole: value, places: placesOfText(file.path, raw) };
  const { expandIncludes } = await import("./include.ts");
  const found = await expandIncludes(value, {
    file: file.path,
    home: paths.home,
    env,
    ...(included ? { texts: included } : {}),
  });
  const places: Places = {
    file: file.path,
    textOf: (name) => (name === file.path ? raw : found.texts.get(name)),
    sourceOf: (path) => sourceAt(found.root, path, found.origins),
  };
  const issues = await Promise.all(
    found.issues.map(async ({ issue, source }) => ({
      ...issue,
      ...(source ? (await locateAll([source], places))[0] : {}),
    })),
  );
  return {
    whole: found.root.value as Dict,
    places,
    file: {
      ...file,
      includes: found.files,
      revision: sha256([file.hash, ...[...found.texts].map(([name, text]) => `${name} ${sha256(text)}`)].join("\n")),
      issues,
      ...(issues.length > 0 ? { problem: "include" as const } : {}),
    },
  };
}

/** Step 6: old keys as the new ones that they stand for. */
export async function withoutLegacy({ file, places }: Read, legacy: "accept" | "refuse"): Promise<Read> {
  const { root, found, moved } = modernize(file.resolved);
  if (found.length === 0) return { file, places };
  const named = await withPlaces(found, places);
  const of = (treatment: Treatment) => named.filter((_, at) => found[at]?.treatment === treatment);
  const refused = legacy === "refuse" ? of("renamed") : [];
  const problem = file.problem ?? (refused.length > 0 ? "legacy" : undefined);
  return {
    places: { ...places, sourceOf: (path) => places.sourceOf(beforeMove(path, moved)) },
    file: {
      ...file,
      resolved: root,
      legacyIssues: named,
      warnings: [...file.warnings, ...of("ignored")],
      issues: [...file.issues, ...refused],
      valid: file.valid && refused.length === 0,
      ...(problem ? { problem } : {}),
    },
  };
}
