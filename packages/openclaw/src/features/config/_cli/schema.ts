import type { CliContext } from "../../../contracts/cli.ts";
import { ConfigSections } from "../index.ts";
import { composeSchema } from "../_schema/schema.ts";

export async function run({ out, use }: CliContext): Promise<void> {
  out.json({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "openclaw.json",
    ...composeSchema(await use(ConfigSections)),
  });
}
