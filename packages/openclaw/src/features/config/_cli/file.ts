import type { CliContext } from "../../../contracts/cli.ts";

export async function run({ platform, out }: CliContext): Promise<void> {
  out.line(platform.paths.config);
}
