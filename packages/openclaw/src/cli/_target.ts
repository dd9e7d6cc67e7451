/** The gateway that a command would talk to, and what the configuration says about it. */
import type { CliContext } from "../contracts/cli.ts";
import { targetFlags } from "./context.ts";
import { runningAt } from "./_running.ts";
import { resolveTarget, type Target } from "./target.ts";

export async function targetOf({ options, platform }: CliContext): Promise<Target> {
  const { readConfig } = await import("../features/config/index.ts");
  const file = await readConfig(platform);
  const running = await runningAt(platform);
  return resolveTarget(targetFlags(options), { ...platform.env, ...file.env }, file.resolved, running);
}
