/**
 * Step 10 of loading: text in the place of references to secrets. Who fetches them is passed in; a file
 * without references asks nobody.
 */
import { isSecretRef } from "../../../contracts/secret-ref.ts";
import type { ConfigFile, ConfigSnapshot, ResolveSecrets } from "../index.ts";
import { formatPath, parsePath, type Segment } from "../_path.ts";
import { placesOfText, withPlaces } from "../_places.ts";

export interface SecretKeeper {
  /** The file with a snapshot that consumers can read; invalid with problem `secret` when one cannot be had. */
  resolved(file: ConfigFile, why: Parameters<ResolveSecrets>[1]): Promise<ConfigFile>;
  /** Whether text at a path was put there from elsewhere. */
  holds(path: readonly Segment[]): boolean;
  /** Warnings of the last time that anything was resolved. */
  warnings(): number;
}

export function secretKeeper(resolve: ResolveSecrets | undefined): SecretKeeper {
  let places: ReadonlySet<string> = new Set();
  let warned = 0;
  return {
    resolved: async (file, why) => {
      if (!resolve || !file.snapshot || !hasRefs(file.snapshot.root)) return file;
      const found = await resolve(file.snapshot.root, why);
      if (found.issues.length > 0) return refused(file, found.issues);
      places = new Set([...places, ...found.places]);
      warned = found.warnings;
      const { makeSnapshot } = await import("./snapshot.ts");
      return { ...file, snapshot: makeSnapshot(found.root, file.hash) };
    },
    holds: (path) => places.has(formatPath(path)),
    warnings: () => warned,
  };
}

/** Why the secrets that a file needs cannot be had; nothing is kept. Empty when they can. */
export async function secretIssues(
  snapshot: ConfigSnapshot | undefined,
  resolve: ResolveSecrets | undefined,
): Promise<readonly { readonly path: string; readonly message: string }[]> {
  return snapshot && resolve && hasRefs(snapshot.root) ? (await resolve(snapshot.root, "check")).issues : [];
}

/** Whether anything has the form of a reference. */
function hasRefs(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return isSecretRef(value) || Object.values(value).some(hasRefs);
}

async function refused(
  { snapshot: _, ...file }: ConfigFile,
  found: readonly { readonly path: string; readonly message: string }[],
): Promise<ConfigFile> {
  const places = placesOfText(file.path, file.includes.length > 0 ? undefined : (file.raw ?? undefined));
  const issues = await withPlaces(
    found.map(({ path, message }) => ({ path: parsePath(path) ?? [], message })),
    places,
  );
  return { ...file, valid: false, problem: "secret", issues };
}
