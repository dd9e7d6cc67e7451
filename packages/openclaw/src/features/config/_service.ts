/** The published configuration and the one way to change its file. */
import type { ConfigSection } from "../../contracts/config.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Change } from "./_change.ts";
import { errors } from "./errors.ts";
import type { ConfigFile, ConfigService, ConfigSnapshot } from "./index.ts";
import { loadConfig, loadText, readConfig } from "./_load.ts";
import { parsePath, valueAt } from "./_path.ts";
import { redact, secretsOf } from "./_redact.ts";
import { issueLine, issueReport, requireValid } from "./_report.ts";
import { whileLocked, writeConfigFile } from "./_write.ts";

export interface CreateConfig {
  readonly platform: Pick<Platform, "env" | "paths" | "clock" | "version">;
  readonly sections: readonly ConfigSection[];
  /** What was loaded already; read now when absent. */
  readonly file?: ConfigFile;
}

/** Throws the fault of the first load when the file is invalid. */
export async function createConfig({ platform, sections, file }: CreateConfig): Promise<ConfigService> {
  let published = requireValid(file ?? (await loadConfig({ platform, sections })));
  const load = () => loadConfig({ platform, sections });
  const publish = (snapshot: ConfigSnapshot) => void (published = snapshot);
  const isSecret = secretsOf(sections);
  return {
    current: () => published,
    read: load,
    follow: async (by) => {
      const { follow } = await import("./_follow.ts");
      follow({ ...by, sections, load, current: () => published, publish });
    },
    edit: (change) => editConfig({ platform, sections }, [change]),
    redact: (value, path) => redact(value, isSecret, path === undefined ? [] : segmentsOf(path)),
  };
}

export type EditRequest =
  | { readonly path: string; readonly value: unknown }
  | { readonly path: string; readonly remove: true };

/** What an edit would make of the file, without writing it. */
export async function previewEdit(
  { platform, sections }: Omit<CreateConfig, "file">,
  changes: readonly EditRequest[],
): Promise<{ readonly before: ConfigFile; readonly text: string; readonly file: ConfigFile }> {
  const before = await readConfig(platform);
  if (before.problem === "syntax") throw errors.CONFIG_SYNTAX({ report: issueReport(before) });
  const { applyChanges } = await import("./_change.ts");
  const wanted = changes.map((change) => toChange(change, before));
  const stamps = [
    { path: ["meta", "lastTouchedVersion"], value: platform.version },
    { path: ["meta", "lastTouchedAt"], value: new Date(platform.clock.now()).toISOString() },
  ];
  const text = await applyChanges(before.raw ?? "", before.parsed, [...wanted, ...stamps]);
  return { before, text, file: await loadText(platform, text, sections) };
}

/**
 * Makes all changes or none: what would not be valid is not written, unless `accept` says otherwise.
 * Returns the file as written.
 */
export async function editConfig(
  context: Omit<CreateConfig, "file">,
  changes: readonly EditRequest[],
  accept: (file: ConfigFile) => boolean = ({ valid }) => valid,
): Promise<ConfigFile> {
  const { platform } = context;
  if (platform.env["OPENCLAW_NIX_MODE"] === "1") throw errors.CONFIG_READ_ONLY();
  return whileLocked(platform.paths.config, platform.clock, async () => {
    const { before, text, file } = await previewEdit(context, changes);
    keepMode(before, file, changes);
    if (!accept(file)) throw rejected(file);
    await writeConfigFile(platform.paths.config, text);
    return { ...file, exists: true };
  });
}

function rejected({ issues }: ConfigFile): Error {
  const reason = issues.map(({ path, message }) => issueLine({ path, message })).join("\n");
  return errors.CONFIG_WRITE_REJECTED({ reason }).with({ details: { issues } });
}

/** A gateway without `gateway.mode` does not start, so it only goes when it is named. */
function keepMode(before: ConfigFile, after: ConfigFile, changes: readonly EditRequest[]): void {
  const mode = (file: ConfigFile) => valueAt(file.parsed, "gateway.mode");
  const named = changes.some((change) => "remove" in change && change.path === "gateway.mode");
  if (mode(before) === undefined || mode(after) !== undefined || named) return;
  throw errors.CONFIG_WRITE_REJECTED({ reason: "it would drop gateway.mode, which the gateway needs to start." });
}

function toChange(change: EditRequest, before: ConfigFile): Change {
  const path = segmentsOf(change.path);
  if (!("remove" in change)) return { path, value: change.value };
  if (path.length === 0 || valueAt(before.parsed, path) === undefined)
    throw errors.CONFIG_PATH_UNKNOWN({ path: change.path });
  return { path, remove: true };
}

function segmentsOf(path: string): ReturnType<typeof parsePath> & object {
  const segments = parsePath(path);
  if (!segments) throw errors.CONFIG_PATH_MALFORMED({ path });
  return segments;
}
