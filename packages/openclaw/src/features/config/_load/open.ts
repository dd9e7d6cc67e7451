/**
 * The configuration of a gateway that starts:
 *
 * 1. read; one that is not to be trusted is put back    `start.ts`
 * 2. keys of older versions rewritten                   `../_write/migrate.ts`
 * 3. secrets fetched, the snapshot published            `../_service.ts`
 * 4. folders of older versions moved                    `../_legacy/disk.ts`
 */
import { join } from "node:path";
import type { Env } from "../../../base/env.ts";
import { errorText } from "../../../base/errors.ts";
import { exists } from "../../../base/files.ts";
import type { Log } from "../../../base/log.ts";
import type { ConfigSection } from "../../../contracts/config.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { ConfigFile, ConfigService, ResolveSecrets } from "../index.ts";
import { loadConfig } from "./load.ts";
import { migrateConfig } from "../_write/migrate.ts";
import { oldVariablesWarning } from "./old-variables.ts";
import { issueLine } from "../_report.ts";
import { createConfig } from "../_service.ts";
import { loadForStart, type StartFile } from "./start.ts";

export interface OpenConfig {
  readonly platform: Platform;
  readonly sections: readonly ConfigSection[];
  /** Made only when the file refers to secrets; gets the environment with what the file adds. */
  readonly secrets: (env: Env) => Promise<ResolveSecrets>;
}

/** Rejects with a Fault that lists every issue. `env` is the environment with what the file adds. */
export async function openConfig({
  platform,
  sections,
  secrets,
}: OpenConfig): Promise<{ readonly config: ConfigService; readonly env: Env }> {
  const log = platform.log.for("config");
  const old = oldVariablesWarning(platform.env);
  if (old !== undefined) log.warn(old);
  const load = () => loadConfig({ platform, sections, legacy: "accept", plugins: "isolate" });
  const first = await loadForStart({ platform, sections }, { log: platform.log, load });
  const isRewritten = await upToDate({ platform, sections }, first);
  const file: StartFile = isRewritten ? { ...first, ...(await load()) } : first;
  for (const warning of file.warnings) log.warn(issueLine(warning));
  const env = { ...platform.env, ...file.env };
  let resolver: Promise<ResolveSecrets> | undefined;
  const config = await createConfig({
    platform: { ...platform, env },
    sections,
    file,
    secrets: async (root, why) => (await (resolver ??= secrets(env)))(root, why),
  });
  await moveFolders(platform.paths.state, { config, log });
  return { config, env };
}

/** Sessions that an older version left elsewhere must be in place before anybody looks for them. */
async function moveFolders(state: string, { config, log }: { config: ConfigService; log: Log }): Promise<void> {
  if (!(await exists(join(state, "sessions"))) && !(await exists(join(state, "agent")))) return;
  const { moveOldFolders } = await import("../_legacy/disk.ts");
  try {
    const { lines, left } = await moveOldFolders({ state, config: config.current().root, scope: "start" });
    for (const line of lines) log.info(`moved ${line}`);
    if (left.length > 0)
      log.warn(`left where they are, because their new place is taken: ${left.slice(0, 5).join(", ")}`);
  } catch (error) {
    log.warn(`folders of an older version were not moved: ${errorText(error)}`);
  }
}

/** Rewrites renamed keys; whether the file was written. One that cannot be written works as it is. */
async function upToDate(context: Pick<OpenConfig, "platform" | "sections">, file: ConfigFile): Promise<boolean> {
  if (!file.valid || file.legacyIssues.length === 0) return false;
  const log = context.platform.log.for("config");
  try {
    const { lines, left } = await migrateConfig(context, { when: "renamed" });
    for (const line of lines) log.info(`migrated ${line}`);
    for (const path of left) log.warn(`${path} is an old key in an included file; rename it there`);
    return lines.length > 0;
  } catch (error) {
    log.warn(`old keys were not rewritten: ${errorText(error)}`);
    return false;
  }
}
