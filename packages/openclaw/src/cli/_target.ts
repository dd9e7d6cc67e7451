/** The gateway that a command would talk to, and what the configuration says about it. */
import type { CliContext } from "../contracts/cli.ts";
import { targetFlags } from "./context.ts";
import { resolveTarget, type Target } from "./target.ts";

export async function targetOf({ options, platform }: CliContext): Promise<Target> {
  const { readConfig } = await import("../features/config/index.ts");
  const file = await readConfig(platform);
  const running = await runningPort(platform);
  return resolveTarget(targetFlags(options), { ...platform.env, ...file.env }, file.resolved, running);
}

/** The port of the gateway that runs on this state directory, if one does. */
export async function runningPort(platform: CliContext["platform"]): Promise<number | undefined> {
  const { runningGateway } = await import("../features/health/index.ts");
  return (await runningGateway(platform.paths))?.port;
}
