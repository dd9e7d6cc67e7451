/** Reading the file for a start of the gateway: one that is not to be trusted is put back first. */
import type { Log } from "../../../base/log.ts";
import type { WriteContext } from "../_write/commit.ts";
import type { ConfigFile } from "../index.ts";
import { loadConfig } from "./load.ts";
import type { Restored } from "./last-good.ts";

/** The file that a gateway begins with; `restored` when it is the copy of an earlier one. */
export type StartFile = ConfigFile & { readonly restored?: Restored };

/** Throws only what `loadConfig` throws; a file that cannot be put back is returned as it is. */
export async function loadForStart(
  context: WriteContext,
  { log, load = () => loadConfig(context) }: { readonly log: Log; readonly load?: () => Promise<ConfigFile> },
): Promise<StartFile> {
  const file = await load();
  const { restore } = await import("./last-good.ts");
  const restored = await restore(context, file, log.for("config")).catch(() => undefined);
  if (!restored) return file;
  log.for("config").warn("gateway: invalid config was restored from last-known-good backup");
  return { ...(await load()), restored };
}
