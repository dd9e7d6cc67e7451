import type { Platform } from "../contracts/service.ts";

/** The port of the gateway that runs on this state directory, if one does. */
export async function runningPort(platform: Platform): Promise<number | undefined> {
  const { runningGateway } = await import("../features/health/index.ts");
  return (await runningGateway(platform.paths))?.port;
}
