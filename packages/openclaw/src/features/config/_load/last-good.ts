/**
 * The copy of the last configuration that worked, and the way back to it: when the file stops being
 * valid, or has lost at one stroke what a gateway cannot do without, it is set aside as
 * `<file>.clobbered.<time>` and the copy takes its place.
 */
import { readText, writeDurable } from "../../../base/files.ts";
import type { Log } from "../../../base/log.ts";
import { lastGoodPath, type WriteContext } from "../_write/commit.ts";
import type { ConfigFile, ConfigIssue } from "../index.ts";
import { loadText } from "./load.ts";
import { isDict } from "./merge.ts";
import { parseConfig } from "./parse.ts";
import { valueAt } from "../_path.ts";
import { REDACTED } from "../_schema/redact.ts";
import { issueLine } from "../_report.ts";
import { keepAside, whileLocked, writeConfigFile } from "../_write/write.ts";

export interface Restored {
  /** `invalid-config`, `missing-meta-vs-last-good`, … */
  readonly reasons: readonly string[];
  readonly issues: readonly ConfigIssue[];
  /** Where the file that was replaced is kept. */
  readonly clobbered?: string;
}

const MAX_BYTES = 4 * 1024 * 1024;
/** As in writing: smaller files may shrink as they like. */
const SHRINK_FLOOR_BYTES = 512;

/** Keeps a copy of a file that the gateway runs with. Never throws. */
export async function promote(file: ConfigFile, log: Log): Promise<void> {
  if (!file.exists || file.raw === null || !file.snapshot) return;
  if (hasPlaceholder(file.parsed)) return log.warn("Config last-known-good promotion skipped");
  const path = lastGoodPath(file.path);
  try {
    if ((await readText(path, MAX_BYTES)) !== file.raw) await writeDurable(path, file.raw);
  } catch (error) {
    log.warn("the copy of the configuration could not be kept", { error: String(error) });
  }
}

/** Puts the copy back when the file as read is not to be trusted. Undefined when it is, or when nothing could be done. */
export async function restore(
  { platform, sections }: WriteContext,
  file: ConfigFile,
  log: Log,
): Promise<Restored | undefined> {
  const better = await betterCopy({ platform, sections }, file);
  if (!better) return undefined;
  const { copy, broken, reasons } = better;
  const restored = await whileLocked(file.path, platform.clock, async (): Promise<Restored | undefined> => {
    if ((await readText(file.path, MAX_BYTES)) !== broken) return undefined;
    const clobbered = await keepAside(file.path, "clobbered", { text: broken, clock: platform.clock });
    await writeConfigFile(file.path, copy);
    return { reasons, issues: file.issues, ...(clobbered === undefined ? {} : { clobbered }) };
  });
  if (restored) report(restored, log);
  return restored;
}

/** Whether a gateway that starts with this file would put the copy back. Looks only. */
export async function isRestorable(context: WriteContext, file: ConfigFile): Promise<boolean> {
  return (await betterCopy(context, file)) !== undefined;
}

async function betterCopy({ platform, sections }: WriteContext, file: ConfigFile) {
  if (platform.env["OPENCLAW_NIX_MODE"] === "1" || !file.exists || file.raw === null) return undefined;
  const broken = file.raw;
  const copy = await readText(lastGoodPath(file.path), MAX_BYTES).catch(() => undefined);
  if (copy === undefined || copy === broken) return undefined;
  const reasons = await reasonsToRestore(file, copy);
  if (reasons.length === 0 || !(await loadText(platform, copy, sections)).valid) return undefined;
  return { copy, broken, reasons };
}

/** What the next turn of the main session is told. */
export function recoveryWarning({ reasons, issues, clobbered }: Restored): string {
  const found = issues.slice(0, 5).map(issueLine);
  return [
    `Config recovery warning: the configuration was replaced by the last copy that worked (${reasons.join(", ")}).`,
    ...(found.length > 0 ? [`What was wrong: ${found.join("; ")}.`] : []),
    ...(clobbered === undefined ? [] : [`The replaced file is kept as ${clobbered}.`]),
    "Changes made in it are not in force; tell the owner before changing the configuration again.",
  ].join(" ");
}

/** Why the file must not be used, held against the copy. Not for trouble that only plugins have, old keys, or a secret that cannot be had. */
async function reasonsToRestore(file: ConfigFile, copy: string): Promise<readonly string[]> {
  if (file.problem === "legacy" || file.problem === "secret") return [];
  if (!file.valid) return file.issues.every(isPluginLocal) ? [] : ["invalid-config"];
  const parsed = await parseConfig(copy);
  const good = parsed.ok ? parsed.value : {};
  const lost = (path: string) => valueAt(good, path) !== undefined && valueAt(file.parsed, path) === undefined;
  const [before, after] = [Buffer.byteLength(copy), Buffer.byteLength(file.raw ?? "")];
  // Whoever cuts a file off does not stamp it anew, as every edit of ours does.
  const stamps = [good, file.parsed].map((value) => valueAt(value, "meta.lastTouchedAt"));
  const edited = stamps[1] !== undefined && stamps[0] !== stamps[1];
  const shrunk = before >= SHRINK_FLOOR_BYTES && after * 2 < before && !edited;
  return [
    ...(lost("meta") ? ["missing-meta-vs-last-good"] : []),
    ...(lost("gateway.mode") && valueAt(file.resolved, "gateway.mode") === undefined
      ? ["gateway-mode-missing-vs-last-good"]
      : []),
    ...(shrunk ? [`size-drop-vs-last-good:${before - after}`] : []),
  ];
}

function report({ reasons, issues, clobbered }: Restored, log: Log): void {
  log.warn("Config auto-restored from last-known-good");
  const kept =
    clobbered === undefined
      ? ""
      : ` It is kept as ${clobbered}; to use it after all, put it back and delete the file .last-good.`;
  log.warn(`The file was not used: ${reasons.join(", ")}.${kept}`);
  if (issues.length > 0) log.warn(`Rejected validation details: ${issues.slice(0, 10).map(issueLine).join("; ")}`);
}

function isPluginLocal({ path }: ConfigIssue): boolean {
  return path.startsWith("plugins.entries.") || path.startsWith("plugins.entries[");
}

/** Text that stands for something hidden: a copy of it would lose what it hides. */
function hasPlaceholder(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "***" || value.includes(REDACTED);
  if (Array.isArray(value)) return value.some(hasPlaceholder);
  return isDict(value) && Object.values(value).some(hasPlaceholder);
}
