import type { CliContext } from "../../../contracts/cli.ts";
import { ConfigSections } from "../index.ts";
import { loadConfig } from "../_load/load.ts";
import { parsePath } from "../_path.ts";
import { editConfig } from "../_service.ts";
import { tell } from "./told.ts";

export async function run({ args, platform, out, use }: CliContext): Promise<void> {
  const [path = ""] = args;
  const writing = { platform, sections: await use(ConfigSections) };
  const before = await loadConfig(writing);
  const after = await editConfig(writing, [{ path, remove: true }]);
  tell(out, {
    verb: "Removed",
    paths: [parsePath(path) ?? []],
    written: { before, after, sections: writing.sections },
  });
}
