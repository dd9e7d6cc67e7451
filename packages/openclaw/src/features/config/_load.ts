/**
 * Loading `openclaw.json`, in this order:
 *
 *  1. places and `.env` files     `_place.ts`, `_env-files.ts` (before this file is called)
 *  2. read and parse JSON5        `_parse.ts`
 *  3. `$include`                  not served yet: an unknown key like any other
 *  4. the `env` block             `_env-block.ts`
 *  5. `${VAR}`                    `_substitute.ts`
 *  6. legacy keys                 not served yet: unknown keys like any other
 *  7. strict validation           `_validate.ts`
 *  8. defaults                    `_check.ts`, with 7
 *  9. SecretRefs                  not served yet
 * 10. the snapshot                `_snapshot.ts`
 */
import type { Env } from "../../base/env.ts";
import { errorText, systemCode } from "../../base/errors.ts";
import { readText } from "../../base/files.ts";
import { sha256 } from "../../base/ids.ts";
import type { ConfigSection } from "../../contracts/config.ts";
import type { Paths } from "../../contracts/service.ts";
import { envBlock } from "./_env-block.ts";
import { withMissing } from "./_env-files.ts";
import { errors } from "./errors.ts";
import type { ConfigFile, ConfigIssue } from "./index.ts";
import { parseConfig } from "./_parse.ts";
import { formatPath, type Segment } from "./_path.ts";
import { substitute } from "./_substitute.ts";

export { requireValid } from "./_report.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/** What loading needs to know of the process. A `Platform` is one. */
export interface ConfigSource {
  readonly env: Env;
  readonly paths: Paths;
}

/** Steps 2 to 5: the file as data, without judging its keys. Loads no schema. Throws `CONFIG_UNREADABLE`. */
export async function readConfig(source: ConfigSource): Promise<ConfigFile> {
  return parseFile(source, await readFileText(source.paths.config));
}

/** The whole pipeline. What is wrong with the content is in `issues`; throws only `CONFIG_UNREADABLE`. */
export async function loadConfig({
  platform,
  sections,
}: {
  readonly platform: ConfigSource;
  readonly sections: readonly ConfigSection[];
}): Promise<ConfigFile> {
  return validateFile(await readConfig(platform), sections);
}

/** The whole pipeline over text that is not written yet. */
export async function loadText(
  source: ConfigSource,
  raw: string,
  sections: readonly ConfigSection[],
): Promise<ConfigFile> {
  return validateFile(await parseFile(source, raw), sections);
}

async function readFileText(path: string): Promise<string | undefined> {
  try {
    return await readText(path, MAX_BYTES);
  } catch (error) {
    throw errors.CONFIG_UNREADABLE({ path, reason: reasonOf(error) }).with({ cause: error });
  }
}

async function parseFile({ env, paths }: ConfigSource, raw: string | undefined): Promise<ConfigFile> {
  const file = {
    path: paths.config,
    exists: raw !== undefined,
    raw: raw ?? null,
    hash: sha256(raw ?? ""),
    warnings: [],
    includes: [],
    legacyIssues: [],
  };
  const parsed = await parseConfig(raw ?? "");
  if (!parsed.ok)
    return { ...file, parsed: null, resolved: {}, valid: false, problem: "syntax", issues: [parsed.issue], env: {} };

  const block = envBlock(parsed.value, env);
  const { value, missing } = substitute(parsed.value, withMissing(env, block.added));
  const resolved = value as Readonly<Record<string, unknown>>;
  const issues = await withPlaces(
    raw,
    unique([...block.missing, ...missing]).map(({ path, variable }) => ({
      path,
      message: `the environment variable ${variable} is missing or empty`,
    })),
  );
  return {
    ...file,
    parsed: parsed.value,
    resolved,
    env: block.added,
    valid: issues.length === 0,
    issues,
    ...(issues.length > 0 ? { problem: "variable" as const } : {}),
  };
}

async function validateFile(file: ConfigFile, sections: readonly ConfigSection[]): Promise<ConfigFile> {
  if (file.problem === "syntax") return file;
  const { validate } = await import("./_validate.ts");
  const { root, issues } = validate(file.resolved, sections);
  if (issues.length === 0 && file.valid) {
    const { makeSnapshot } = await import("./_snapshot.ts");
    return { ...file, snapshot: makeSnapshot(root, file.hash) };
  }
  const found = [...file.issues, ...(await withPlaces(file.raw ?? undefined, issues))];
  return {
    ...file,
    valid: false,
    problem: file.problem ?? "schema",
    issues: found.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  };
}

/** Adds line and column; the file is only taken apart for that when there is an issue. */
async function withPlaces(
  raw: string | undefined,
  issues: readonly { readonly path: readonly Segment[]; readonly message: string }[],
): Promise<ConfigIssue[]> {
  if (issues.length === 0) return [];
  const { locate, syntaxTree } = await import("./_syntax.ts");
  const tree = raw === undefined ? undefined : syntaxTree(raw);
  const places = tree
    ? locate(
        tree,
        issues.map(({ path }) => path),
      )
    : [];
  return issues.map(({ path, message }, at) => ({ path: formatPath(path), message, ...places[at] }));
}

function unique<T extends { readonly path: readonly Segment[]; readonly variable: string }>(all: readonly T[]): T[] {
  return [...new Map(all.map((each) => [`${formatPath(each.path)} ${each.variable}`, each])).values()];
}

function reasonOf(error: unknown): string {
  if (systemCode(error) === "EISDIR") return "it is a folder";
  if (systemCode(error) === "EACCES" || systemCode(error) === "EPERM") return "permission denied";
  return errorText(error);
}
