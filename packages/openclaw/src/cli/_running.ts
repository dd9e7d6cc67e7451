import type { Platform } from "../contracts/service.ts";
import type { RunningAt } from "./target.ts";

/** Where the gateway runs that uses this state directory, if one does. */
export async function runningAt(platform: Platform): Promise<RunningAt | undefined> {
  const { runningGateway } = await import("../features/health/index.ts");
  return runningGateway(platform.paths);
}

/** Its port. */
export async function runningPort(platform: Platform): Promise<number | undefined> {
  return (await runningAt(platform))?.port;
}
