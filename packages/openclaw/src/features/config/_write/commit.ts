/**
 * The one way in which the configuration is written:
 *
 * 1. lock beside the file         `lock.ts`
 * 2. read it again, compare the hash that the caller knows
 * 3. make the new text            the caller's draft: `drafts.ts`
 * 4. the whole pipeline over it   `../_load/load.ts`
 * 5. guards: valid, keeps `gateway.mode`, no sudden loss; what they refuse is kept as `.rejected.<time>`
 * 6. back up and replace          `write.ts`
 */
import { dirname } from "node:path";
import { PRIVATE_DIR, info, remove, setMode } from "../../../base/files.ts";
import type { ConfigSection } from "../../../contracts/config.ts";
import type { Platform } from "../../../contracts/service.ts";
import { errors } from "../errors.ts";
import type { ConfigFile, ResolveSecrets } from "../index.ts";
import type { SectionFile } from "./layout.ts";
import { loadConfig, loadText, readConfig } from "../_load/load.ts";
import { valueAt } from "../_path.ts";
import { issueLine } from "../_report.ts";
import { secretIssues } from "../_load/secrets.ts";
import { keepAside, whileLocked, writeConfigFile } from "./write.ts";

export interface WriteContext {
  readonly platform: Pick<Platform, "env" | "paths" | "clock" | "version">;
  readonly sections: readonly ConfigSection[];
  /** Present: what refers to a secret that cannot be had is not written. */
  readonly secrets?: ResolveSecrets;
}

/** A new text for the configuration file, or for the file of one section. */
export interface Draft {
  readonly text: string;
  readonly section?: SectionFile;
}

/** Undefined when there is nothing to change. */
export type MakeDraft = (before: ConfigFile) => Promise<Draft | undefined>;

export interface WriteRules {
  /** What is written although it is not valid. */
  readonly accept?: (file: ConfigFile) => boolean;
  /** Losses that were asked for: `mode` is `gateway.mode`, `size` more than half of the text. */
  readonly excuse?: readonly Loss[];
  /** The hash that the caller last saw; `required` refuses a caller without one. */
  readonly base?: {
    readonly hash?: string;
    readonly required: () => Error;
    /** In what form the caller was told the hash; absent: as it is. */
    readonly form?: (hash: string) => Promise<string>;
  };
}

export type Loss = "mode" | "size";

export interface Committed {
  readonly before: ConfigFile;
  /** As written. */
  readonly file: ConfigFile;
}

/** What loading reads. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Files smaller than this may shrink as they like. */
const SHRINK_FLOOR_BYTES = 512;

/** Writes what `make` makes of the file, or throws and leaves everything as it was. */
export async function commit(context: WriteContext, make: MakeDraft, rules: WriteRules = {}): Promise<Committed> {
  const { platform } = context;
  const { config, state } = platform.paths;
  if (platform.env["OPENCLAW_NIX_MODE"] === "1") throw errors.CONFIG_READ_ONLY();
  return whileLocked(config, platform.clock, async () => {
    const before = await readConfig(platform);
    await checkBase(before, rules);
    const draft = await make(before);
    if (!draft) return { before, file: await loadConfig(context) };
    const after = await withSecretIssues(await loadDraft(context, before, draft), context);
    const losses = lossesOf(before, after, draft);
    const reason = refusal(after, losses, rules);
    if (reason !== undefined) {
      await keepAside(config, "rejected", { text: draft.text, clock: platform.clock });
      throw errors.CONFIG_WRITE_REJECTED({ reason }).with({ details: { issues: after.issues } });
    }
    await writeConfigFile(draft.section?.path ?? config, draft.text);
    if (losses.length > 0) await forgetLastGood(config);
    if (dirname(config) === state) await makePrivate(state);
    return { before, file: draft.section ? await loadConfig(context) : { ...after, exists: true } };
  });
}

async function withSecretIssues(file: ConfigFile, { secrets }: WriteContext): Promise<ConfigFile> {
  const issues = await secretIssues(file.snapshot, secrets);
  return issues.length === 0 ? file : { ...file, valid: false, problem: "secret", issues };
}

/** What `commit` would do, without doing it: the file as it would be, and why it would be refused. */
export async function preview(
  context: WriteContext,
  make: MakeDraft,
  rules: WriteRules = {},
): Promise<Committed & { readonly refusal?: string }> {
  const before = await readConfig(context.platform);
  const draft = await make(before);
  if (!draft) return { before, file: await loadConfig(context) };
  const file = await loadDraft(context, before, draft);
  const reason = refusal(file, lossesOf(before, file, draft), rules);
  return { before, file, ...(reason === undefined ? {} : { refusal: reason }) };
}

/** The copy of the last configuration that worked. */
export function lastGoodPath(config: string): string {
  return `${config}.last-good`;
}

/** After a loss that was asked for, the copy must not bring back what was given up. */
async function forgetLastGood(config: string): Promise<void> {
  await remove(lastGoodPath(config));
}

async function checkBase({ hash, exists }: ConfigFile, { base }: WriteRules): Promise<void> {
  if (!base) return;
  if (base.hash === undefined && exists) throw base.required();
  if (base.hash === undefined) return;
  if (base.hash !== (base.form ? await base.form(hash) : hash)) throw errors.CONFIG_CHANGED();
}

/** A section is judged in its place, so that what it includes itself is found. */
async function loadDraft({ platform, sections }: WriteContext, before: ConfigFile, draft: Draft): Promise<ConfigFile> {
  if (!draft.section) return loadText(platform, draft.text, sections);
  return loadText(platform, before.raw ?? "", sections, new Map([[draft.section.path, draft.text]]));
}

function refusal(after: ConfigFile, losses: readonly Loss[], rules: WriteRules): string | undefined {
  const { accept = ({ valid }) => valid, excuse = [] } = rules;
  if (Buffer.byteLength(after.raw ?? "") > MAX_BYTES) return `it would make the file larger than ${MAX_BYTES} bytes.`;
  if (!accept(after)) return after.issues.map(({ path, message }) => issueLine({ path, message })).join("\n");
  const [loss] = losses.filter((each) => !excuse.includes(each));
  if (loss === "mode") return "it would drop gateway.mode, which the gateway needs to start.";
  return loss === "size" ? "it would make the file smaller by more than half." : undefined;
}

function lossesOf(before: ConfigFile, after: ConfigFile, draft: Draft): Loss[] {
  const mode = (file: ConfigFile) => valueAt(file.resolved, "gateway.mode") ?? valueAt(file.parsed, "gateway.mode");
  const old = Buffer.byteLength(draft.section?.text ?? before.raw ?? "");
  const shrunk = old >= SHRINK_FLOOR_BYTES && Buffer.byteLength(draft.text) * 2 < old;
  return [
    ...(mode(before) !== undefined && mode(after) === undefined ? (["mode"] as const) : []),
    ...(shrunk ? (["size"] as const) : []),
  ];
}

/** Windows keeps permissions elsewhere. */
async function makePrivate(folder: string): Promise<void> {
  const found = await info(folder);
  if (process.platform !== "win32" && found && (found.mode & 0o077) !== 0) await setMode(folder, PRIVATE_DIR);
}
