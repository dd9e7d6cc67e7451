/** The door of the gateway: one port for WebSocket and HTTP. */
import { token } from "../contracts/service.ts";
import type { PairingDesk } from "./pairing.ts";
import type { PresenceList } from "./presence.ts";

export { createEventBus } from "./bus.ts";
export type { GatewayDeps, RunningGateway } from "./server.ts";
export type { GatewayOptions } from "./_settings.ts";

export const Pairing = token<PairingDesk>("pairing");
export const Presence = token<PresenceList>("presence");

/** Opens the port; see `startGateway` in `server.ts`. The body is loaded on call. */
export async function startGateway(
  deps: import("./server.ts").GatewayDeps,
): Promise<import("./server.ts").RunningGateway> {
  const { startGateway: start } = await import("./server.ts");
  return start(deps);
}
