/** The gateway that a command would talk to, and what the configuration says about it. */
import type { CliContext } from "../contracts/cli.ts";
import { targetFlags } from "./context.ts";
import { withGatewaySecrets } from "./_gateway-secrets.ts";
import { runningAt } from "./_running.ts";
import { resolveTarget, type Target } from "./target.ts";

export async function targetOf({ options, platform }: CliContext): Promise<Target> {
  const { readConfig } = await import("../features/config/index.ts");
  const file = await readConfig(platform);
  const running = await runningAt(platform);
  const env = { ...platform.env, ...file.env };
  const config = await withGatewaySecrets(file.resolved, { ...platform, env });
  return resolveTarget(targetFlags(options), env, config, running);
}
