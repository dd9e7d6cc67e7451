/** The door of the composition root. Whoever only needs services does not load the gateway. */
import type { RunGatewayOptions } from "./gateway.ts";

export { compose } from "./compose.ts";
export type { RunGatewayOptions } from "./gateway.ts";

/** Runs until the signal aborts; resolves with the exit code. Rejects with a Fault when it cannot start. */
export async function runGateway(options: RunGatewayOptions): Promise<number> {
  const gateway = await import("./gateway.ts");
  return gateway.runGateway(options);
}
