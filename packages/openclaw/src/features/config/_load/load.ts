/**
 * Loading `openclaw.json`, in this order:
 *
 *  1. places and `.env` files     `place.ts`, `env-files.ts` (before this file is called)
 *  2. read and parse JSON5        `decode.ts`, `parse.ts`
 *  3. `$include`                  `include.ts`, `merge.ts`
 *  4. the `env` block             `env-block.ts`, then the login shell: `shell-env.ts`
 *  5. `${VAR}`                    `substitute.ts`
 *  6. legacy keys                 `../_legacy/legacy.ts`
 *  7. strict validation           `validate.ts`; plugins that fail it alone are left out where that is asked for: `isolate.ts`
 *  8. defaults                    `check.ts`, with 7
 *  9. the snapshot                `snapshot.ts`
 * 10. SecretRefs                  `secrets.ts`, by whoever publishes the snapshot: `../_service.ts`
 */
import type { Env } from "../../../base/env.ts";
import { errorText, systemCode } from "../../../base/errors.ts";
import { info, readBytes } from "../../../base/files.ts";
import { sha256 } from "../../../base/ids.ts";
import type { Spawn } from "../../../base/spawn.ts";
import type { Clock } from "../../../base/time.ts";
import type { ConfigSection } from "../../../contracts/config.ts";
import type { Paths } from "../../../contracts/service.ts";
import { decode } from "./decode.ts";
import { envBlock } from "./env-block.ts";
import { withMissing } from "./with-missing.ts";
import { errors } from "../errors.ts";
import type { ConfigFile, ConfigIssue } from "../index.ts";
import { isDict, type Dict } from "./merge.ts";
import { parseConfig } from "./parse.ts";
import { formatPath } from "../_path.ts";
import { placesOfText, withPlaces, type Unplaced } from "../_places.ts";
import { includeFiles, withoutLegacy, type Read } from "./steps.ts";
import { substitute } from "./substitute.ts";

export { requireValid } from "../_report.ts";

/** Of the configuration file; nobody writes one of this size by hand. */
const MAX_BYTES = 4 * 1024 * 1024;

/** What loading needs to know of the process. A `Platform` is one. */
export interface ConfigSource {
  readonly env: Env;
  readonly paths: Paths;
  /** Both present: the login shell is asked for keys where that is switched on. */
  readonly spawn?: Spawn;
  readonly clock?: Clock;
}

/** Steps 2 to 6: the file as data, without judging its keys. Loads no schema. Throws `CONFIG_UNREADABLE`. */
export async function readConfig(source: ConfigSource): Promise<ConfigFile> {
  return (await parseFile(source, await readFile(source.paths.config))).file;
}

/** The whole pipeline but for SecretRefs. What is wrong with the content is in `issues`; throws only `CONFIG_UNREADABLE`. */
export async function loadConfig({
  platform,
  sections,
  legacy = "refuse",
  plugins = "refuse",
}: {
  readonly platform: ConfigSource;
  readonly sections: readonly ConfigSection[];
  /** Keys that were renamed: a gateway goes on with the new ones in memory, anybody else is sent to doctor. */
  readonly legacy?: "accept" | "refuse";
  /** Issues of plugins alone: a gateway goes on without those plugins, an edit is refused. */
  readonly plugins?: "isolate" | "refuse";
}): Promise<ConfigFile> {
  const read = await parseFile(platform, await readFile(platform.paths.config), { legacy });
  return validateFile(read, sections, plugins);
}

/** The whole pipeline over text that is not written yet; `included` are such texts of included files. */
export async function loadText(
  source: ConfigSource,
  raw: string,
  sections: readonly ConfigSection[],
  included?: ReadonlyMap<string, string>,
): Promise<ConfigFile> {
  return validateFile(await parseFile(source, Buffer.from(raw), included ? { included } : {}), sections);
}

async function readFile(path: string): Promise<Buffer | undefined> {
  try {
    const found = await info(path);
    if (found && !found.isFile && !found.isDirectory) throw new Error("it is not a regular file");
    return await readBytes(path, MAX_BYTES);
  } catch (error) {
    throw errors.CONFIG_UNREADABLE({ path, reason: reasonOf(error) }).with({ cause: error });
  }
}

interface ParseOptions {
  readonly legacy?: "accept" | "refuse";
  readonly included?: ReadonlyMap<string, string>;
}

async function parseFile(
  source: ConfigSource,
  bytes: Buffer | undefined,
  { legacy = "refuse", included }: ParseOptions = {},
): Promise<Read> {
  const path = source.paths.config;
  const { text, issue } = decode(bytes ?? Buffer.alloc(0));
  const raw = bytes === undefined ? undefined : text;
  const hash = sha256(bytes ?? "");
  const file: ConfigFile = {
    path,
    exists: bytes !== undefined,
    raw: raw ?? null,
    parsed: null,
    resolved: {},
    valid: false,
    hash,
    revision: hash,
    issues: [],
    warnings: [],
    includes: [],
    legacyIssues: [],
    env: {},
  };
  const parsed = issue ? ({ ok: false, issue } as const) : await parseConfig(text);
  if (!parsed.ok)
    return {
      file: { ...file, problem: "syntax", issues: [parsed.issue] },
      places: placesOfText(path, raw),
    };
  const read = await includeFiles(source, {
    file: { ...file, parsed: parsed.value },
    value: parsed.value,
    raw,
    included,
  });
  const resolved = await resolveFile(source, read);
  return withoutLegacy(resolved, legacy);
}

/** Steps 4 and 5. */
async function resolveFile(
  source: ConfigSource,
  { file, places, whole }: Read & { readonly whole: Dict },
): Promise<Read> {
  const block = envBlock(whole, source.env);
  const added = { ...block.added, ...(await shellEnv(source, block.added, whole)) };
  const { value, missing } = substitute(whole, withMissing(source.env, added));
  const absent = await withPlaces(
    unique([...block.missing, ...missing]).map(({ path, variable }) => ({
      path,
      message: `the environment variable ${variable} is missing or empty`,
    })),
    places,
  );
  const issues = [...file.issues, ...absent];
  const problem = file.problem ?? (absent.length > 0 ? "variable" : undefined);
  return {
    places,
    file: {
      ...file,
      resolved: value as Dict,
      env: added,
      valid: issues.length === 0,
      issues,
      ...(problem ? { problem } : {}),
    },
  };
}

/** Off unless it is asked for, and then only where it can be had. */
async function shellEnv({ env, paths, spawn, clock }: ConfigSource, added: Env, whole: Dict): Promise<Env> {
  const block = isDict(whole["env"]) ? whole["env"]["shellEnv"] : undefined;
  const settings = isDict(block) ? block : {};
  if (!spawn || !clock || (settings["enabled"] !== true && !env["OPENCLAW_LOAD_SHELL_ENV"])) return {};
  const { importShellEnv } = await import("./shell-env.ts");
  return importShellEnv({ env: withMissing(env, added), settings, cwd: paths.home, spawn, clock });
}

async function validateFile(
  { file, places }: Read,
  sections: readonly ConfigSection[],
  plugins: "isolate" | "refuse" = "refuse",
): Promise<ConfigFile> {
  if (file.problem === "syntax" || file.problem === "include") return file;
  const { validate } = await import("./validate.ts");
  const { root, issues, warnings } = validate(file.resolved, sections);
  if (issues.length === 0 && file.valid) {
    const { makeSnapshot } = await import("./snapshot.ts");
    const said = [...file.warnings, ...(await withPlaces(warnings, places))];
    return { ...file, warnings: said, snapshot: makeSnapshot(root, file.hash) };
  }
  const rest =
    plugins === "isolate" && file.valid
      ? (await import("./isolate.ts")).withoutBrokenPlugins(file.resolved, issues)
      : undefined;
  if (rest) {
    const left = [...file.warnings, ...(await withPlaces(rest.warnings, places))];
    return validateFile({ file: { ...file, resolved: rest.tree, warnings: left }, places }, sections);
  }
  const found = [...file.issues, ...(await withPlaces(issues, places))];
  return { ...file, valid: false, problem: file.problem ?? "schema", issues: inOrder(found) };
}

/** The configuration file first, each file from top to bottom. */
function inOrder(issues: readonly ConfigIssue[]): ConfigIssue[] {
  const byFile = (a: ConfigIssue, b: ConfigIssue) => (a.file ?? "").localeCompare(b.file ?? "");
  return issues.toSorted((a, b) => byFile(a, b) || (a.line ?? 0) - (b.line ?? 0));
}

function unique<T extends Pick<Unplaced, "path"> & { readonly variable: string }>(all: readonly T[]): T[] {
  return [...new Map(all.map((each) => [`${formatPath(each.path)} ${each.variable}`, each])).values()];
}

function reasonOf(error: unknown): string {
  if (systemCode(error) === "EISDIR") return "it is a folder";
  if (systemCode(error) === "EACCES" || systemCode(error) === "EPERM") return "permission denied";
  return errorText(error);
}
