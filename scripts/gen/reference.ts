import type { Evaluated } from "./evaluate.ts";
import { cliPage } from "./reference/cli.ts";
import { commandsPage } from "./reference/commands.ts";
import { configPage } from "./reference/config.ts";
import { configSchema } from "./reference/config-schema.ts";
import { errorsPage } from "./reference/errors.ts";
import { rpcPage } from "./reference/rpc.ts";
import { toolsPage } from "./reference/tools.ts";
import { vendorsPage } from "./reference/vendors.ts";

/** The pages of `docs/reference/`: text by file name. */
export function referencePages({ items, vendors }: Evaluated): Map<string, string> {
  const of = (role: string) => items[role] ?? [];
  return new Map([
    ["config.md", configPage(of("config"))],
    ["config.schema.json", configSchema(of("config"))],
    ["cli.md", cliPage(of("cli"))],
    ["rpc.md", rpcPage(of("methods"), of("events"))],
    ["tools.md", toolsPage(of("tools"))],
    ["commands.md", commandsPage(of("chat"))],
    ["errors.md", errorsPage(of("errors"))],
    ["vendors.md", vendorsPage(vendors)],
  ]);
}
