import type { CliContext } from "../../../contracts/cli.ts";
import { ConfigSections } from "../index.ts";
import { editConfig } from "../_service.ts";

export async function run({ args, platform, out, use }: CliContext): Promise<void> {
  const [path = ""] = args;
  await editConfig({ platform, sections: await use(ConfigSections) }, [{ path, remove: true }]);
  out.line(`Removed ${path}.`);
}
