import type { CliContext } from "../../../contracts/cli.ts";
import { errors } from "../errors.ts";
import { ConfigSections, loadConfig, readConfig, requireValid, valueAt } from "../index.ts";
import { parsePath } from "../_path.ts";

/** What the file says; where it says nothing, the default. Secrets are printed as they are: this is how the owner reads the token. */
export async function run({ args, platform, out, global, use }: CliContext): Promise<void> {
  const [path = ""] = args;
  const segments = parsePath(path);
  if (!segments) throw errors.CONFIG_PATH_MALFORMED({ path });
  const file = await readConfig(platform);
  if (file.problem === "syntax") requireValid(file);
  const value =
    valueAt(file.resolved, segments) ??
    (await loadConfig({ platform, sections: await use(ConfigSections) })).snapshot?.at(path);
  if (value === undefined) throw errors.CONFIG_PATH_UNKNOWN({ path });
  if (global.json) out.json(value);
  else out.line(typeof value === "string" ? value : JSON.stringify(value, null, 2));
}
