/** The door of the client: a typed connection to the gateway for Node and browsers, without dependencies. */
import type { DeviceStore } from "./_device.ts";

export { connect } from "./_connect.ts";
export type { ClientInfo, ConnectOptions, ConnectionState, Gateway } from "./_gateway.ts";
export { browserStore } from "./_browser-store.ts";
export { memoryStore } from "./_memory-store.ts";
export { proofText } from "./_device.ts";
export type { DeviceIdentity, DeviceStore, DeviceToken } from "./_device.ts";
export type { RequestOptions } from "./_requests.ts";
export type { Timers } from "./_timers.ts";
export { preciseCode } from "./_wire.ts";
export type { EventFrame, WireError } from "./_wire.ts";
export type * from "./_protocol.ts";
export { Fault, errorText } from "../base/errors.ts";

/**
 * A WebSocket class for `ConnectOptions.WebSocket` that talks to one certificate only, or without a fingerprint
 * says why it does not trust the one it meets. For Node, like `nodeStore`.
 */
export async function pinnedWebSocket(fingerprint?: string): Promise<typeof WebSocket> {
  const { pinnedTo } = await import("./_pinned-socket.ts");
  return pinnedTo(fingerprint);
}

/** Identity and tokens in `<stateDir>/identity/device.json` (0600). For Node: a browser must not call it. */
export async function nodeStore(stateDir: string): Promise<DeviceStore> {
  const { openNodeStore } = await import("./_node-store.ts");
  return openNodeStore(stateDir);
}
