import type { CliContext } from "../../contracts/cli.ts";
import { errors } from "./errors.ts";
import { ConfigSections, readConfig, valueAt, type ConfigFile } from "./index.ts";
import { parseLoose, parseStrict } from "./_parse.ts";
import { formatPath, parsePath, type Segment } from "./_path.ts";
import { needsRestart } from "./_reload.ts";
import { requireValid } from "./_report.ts";
import { editConfig, previewEdit } from "./_service.ts";

/** Maps whose entries people collect: a value that would drop some is most likely a mistake. */
const PROTECTED = [
  "agents.defaults.models",
  "models.providers",
  "models.providers.*",
  "models.providers.*.models",
  "plugins.entries",
  "auth.profiles",
];

export async function run(context: CliContext): Promise<void> {
  const { args, options, platform, out, use } = context;
  const [path = "", text = ""] = args;
  const segments = parsePath(path);
  if (!segments) throw errors.CONFIG_PATH_MALFORMED({ path });
  const sections = await use(ConfigSections);
  const stored = valueAt((await readConfig(platform)).parsed, segments);
  const given = await parseValue(text, options["strictJson"] === true || options["json"] === true);
  const value = options["merge"] === true ? merged(stored, given) : given;
  if (options["replace"] !== true) refuseLoss(segments, stored, value);
  const changes = [{ path, value }];
  if (options["dryRun"] === true)
    return reportDryRun(context, (await previewEdit({ platform, sections }, changes)).file);
  await editConfig({ platform, sections }, changes);
  out.line(`Updated ${path}.${needsRestart(sections, segments) ? " Restart the gateway to apply." : ""}`);
}

async function parseValue(text: string, strict: boolean): Promise<unknown> {
  if (!strict) return parseLoose(text);
  const parsed = await parseStrict(text);
  if (!parsed) throw errors.CONFIG_WRITE_REJECTED({ reason: "the value is not JSON5." });
  return parsed.value;
}

function merged(stored: unknown, given: unknown): unknown {
  if (!isRecord(stored) || !isRecord(given)) return given;
  const both = Object.entries(given).map(
    ([key, value]) => [key, merged(Object.hasOwn(stored, key) ? stored[key] : undefined, value)] as const,
  );
  return { ...stored, ...Object.fromEntries(both) };
}

function refuseLoss(path: readonly Segment[], stored: unknown, value: unknown): void {
  const isProtected = PROTECTED.some((pattern) => {
    const words = pattern.split(".");
    return words.length === path.length && words.every((word, at) => word === "*" || word === String(path[at]));
  });
  if (!isProtected || !isRecord(stored)) return;
  const lost = Object.keys(stored).filter((key) => !isRecord(value) || !Object.hasOwn(value, key));
  if (lost.length === 0) return;
  throw errors.CONFIG_WRITE_REJECTED({
    reason: `it would remove ${lost.join(", ")} from ${formatPath(path)}; add with --merge, or confirm with --replace.`,
  });
}

function reportDryRun({ out, options, platform }: CliContext, file: ConfigFile): void {
  if (options["json"] !== true) {
    requireValid(file);
    out.line("The change is valid. Nothing was written.");
    return;
  }
  out.json({
    ok: file.valid,
    operations: 1,
    configPath: platform.paths.config,
    inputModes: ["value"],
    checks: { schema: true, resolvability: true, resolvabilityComplete: true },
    refsChecked: 0,
    skippedExecRefs: 0,
    ...(file.valid
      ? {}
      : { errors: file.issues.map(({ path, message }) => ({ kind: "schema", message: `${path}: ${message}` })) }),
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
