/** The door of the gateway: one port for WebSocket and HTTP. */
import type { GatewayDeps, RunningGateway } from "./server.ts";

export { createEventBus } from "./_events/bus.ts";
export type { GatewayDeps, RunningGateway };
export type { GatewayOptions } from "./_listen/settings.ts";

/** Opens the port; see `startGateway` in `server.ts`. The body is loaded on call. */
export async function startGateway(deps: GatewayDeps): Promise<RunningGateway> {
  const { startGateway: start } = await import("./server.ts");
  return start(deps);
}
