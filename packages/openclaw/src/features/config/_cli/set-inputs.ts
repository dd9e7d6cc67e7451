/** What `config set` was asked to write: a value, a reference to a secret, a provider of secrets, or a list of those. */
import type { CliContext } from "../../../contracts/cli.ts";
import { readText } from "../../../base/files.ts";
import { compact } from "../../../base/text.ts";
import { errors } from "../errors.ts";
import { isDict, type Dict } from "../_load/merge.ts";
import { parseLoose, parseStrict } from "../_load/parse.ts";
import { parsePath, type Segment } from "../_path.ts";

export interface Operation {
  readonly path: readonly Segment[];
  readonly value: unknown;
  readonly mode: "value" | "json" | "builder";
}

type Options = CliContext["options"];

const MAX_BYTES = 4 * 1024 * 1024;
const REF_FLAGS = ["refSource", "refProvider", "refId"] as const;

/** Throws `CONFIG_USAGE` for flags that do not go together. */
export async function operationsOf(args: readonly string[], options: Options): Promise<readonly Operation[]> {
  const ref = refOf(options);
  const provider = providerOf(options);
  const isBatch = options["batchJson"] !== undefined || options["batchFile"] !== undefined;
  const [path, text] = args;
  const ways = [isBatch || undefined, ref, provider, text].filter((way) => way !== undefined).length;
  if (ways === 0) throw usage("Give a value, or build one with --ref-*, --provider-*, --batch-json or --batch-file.");
  if (ways > 1) throw usage("A value, --ref-*, --provider-* and --batch-* exclude each other.");
  if (isBatch) return batchOf(options);
  if (path === undefined) throw usage("Name the path to set.");
  const place = segmentsOf(path);
  if (ref) return [{ path: place, value: ref, mode: "builder" }];
  if (provider) return [{ path: providerPlace(place), value: provider, mode: "builder" }];
  return [await valueOperation(place, text ?? "", options)];
}

export function segmentsOf(path: string): readonly Segment[] {
  const segments = parsePath(path);
  if (!segments) throw errors.CONFIG_PATH_MALFORMED({ path });
  return segments;
}

async function valueOperation(path: readonly Segment[], text: string, options: Options): Promise<Operation> {
  if (options["strictJson"] !== true && options["json"] !== true)
    return { path, value: await parseLoose(text), mode: "value" };
  const parsed = await parseStrict(text);
  if (!parsed) throw errors.CONFIG_WRITE_REJECTED({ reason: "the value is not JSON5." });
  return { path, value: parsed.value, mode: "json" };
}

function refOf(options: Options): Dict | undefined {
  if (REF_FLAGS.every((flag) => options[flag] === undefined)) return undefined;
  const [source, provider, id] = REF_FLAGS.map((flag) => options[flag]);
  if (source === undefined || provider === undefined || id === undefined)
    throw usage("A reference needs --ref-source, --ref-provider and --ref-id.");
  return { source, provider, id };
}

/** Key of the provider → option and how it is read. */
const PROVIDER_KEYS: readonly (readonly [
  key: string,
  option: string,
  kind: "text" | "number" | "flag" | "list" | "map",
])[] = [
  ["path", "providerPath", "text"],
  ["mode", "providerMode", "text"],
  ["maxBytes", "providerMaxBytes", "number"],
  ["timeoutMs", "providerTimeoutMs", "number"],
  ["command", "providerCommand", "text"],
  ["args", "providerArg", "list"],
  ["noOutputTimeoutMs", "providerNoOutputTimeoutMs", "number"],
  ["maxOutputBytes", "providerMaxOutputBytes", "number"],
  ["jsonOnly", "providerJsonOnly", "flag"],
  ["env", "providerEnv", "map"],
  ["passEnv", "providerPassEnv", "list"],
  ["trustedDirs", "providerTrustedDir", "list"],
  ["allowlist", "providerAllowlist", "list"],
  ["allowInsecurePath", "providerAllowInsecurePath", "flag"],
  ["allowSymlinkCommand", "providerAllowSymlinkCommand", "flag"],
];
const NEEDED: Readonly<Record<string, string>> = { file: "path", exec: "command" };

function providerOf(options: Options): Dict | undefined {
  const source = options["providerSource"];
  const given = PROVIDER_KEYS.filter(([, option]) => isGiven(options[option]));
  if (source === undefined) {
    if (given.length > 0) throw usage("A provider needs --provider-source env, file or exec.");
    return undefined;
  }
  const needed = NEEDED[String(source)];
  if (needed !== undefined && !given.some(([key]) => key === needed))
    throw usage(`A provider of kind ${String(source)} needs --provider-${needed}.`);
  return compact({
    source,
    ...Object.fromEntries(given.map(([key, option, kind]) => [key, read(options[option], kind, option)])),
  });
}

/** A list that was not given is empty. */
function isGiven(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function read(value: unknown, kind: string, option: string): unknown {
  if (kind === "flag") return value === true;
  if (kind === "list") return Array.isArray(value) ? value : [String(value)];
  if (kind === "number") {
    if (!/^\d+$/.test(String(value))) throw usage(`${flagOf(option)} takes a whole number.`);
    return Number(value);
  }
  if (kind !== "map") return value;
  const pairs = (Array.isArray(value) ? value : [value]).map((pair) => /^([^=]+)=(.*)$/s.exec(String(pair)));
  if (pairs.includes(null)) throw usage(`${flagOf(option)} takes NAME=value.`);
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}

function providerPlace(path: readonly Segment[]): readonly Segment[] {
  if (path.length === 3 && path[0] === "secrets" && path[1] === "providers") return path;
  throw usage("A provider is written to secrets.providers.<alias>.");
}

async function batchOf(options: Options): Promise<readonly Operation[]> {
  const [inline, file] = [options["batchJson"], options["batchFile"]];
  if (inline !== undefined && file !== undefined) throw usage("--batch-json and --batch-file exclude each other.");
  const parsed = await parseStrict(inline === undefined ? await fileText(String(file)) : String(inline));
  const list = parsed?.value;
  if (!Array.isArray(list) || list.length === 0 || !list.every(isDict))
    throw usage("A batch is a JSON list of { path, value }, { path, ref } or { path, provider }.");
  return (list as readonly Dict[]).map(batchOperation);
}

function batchOperation(item: Dict, at: number): Operation {
  const ways = ["value", "ref", "provider"].filter((key) => Object.hasOwn(item, key));
  const [way = ""] = ways;
  const { path } = item;
  if (typeof path !== "string" || ways.length !== 1)
    throw usage(`Entry ${at + 1} of the batch needs a path and one of value, ref and provider.`);
  const place = segmentsOf(path);
  return {
    path: way === "provider" ? providerPlace(place) : place,
    value: item[way],
    mode: way === "value" ? "json" : "builder",
  };
}

/** Text of a file that the person names. */
export async function fileText(path: string): Promise<string> {
  const text = await readText(path, MAX_BYTES).catch((error: unknown) => {
    throw usage(`${path} cannot be read: ${String(error)}`);
  });
  if (text === undefined) throw usage(`There is no file ${path}.`);
  return text;
}

export function usage(problem: string): Error {
  return errors.CONFIG_USAGE({ problem });
}

function flagOf(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
