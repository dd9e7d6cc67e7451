/** How the gateway's services are made. */
import { Events, LiveRoutes } from "../contracts/bus.ts";
import { provide } from "../contracts/service.ts";
import { StoreToken } from "../store/index.ts";
import { createEventBus } from "./_events/bus.ts";
import { LiveRouteTable } from "./_http/live-routes.ts";
import { OpenCallers, Pairing, Presence, ReachToken, Setups } from "./_service-tokens.ts";
import { Callers } from "./callers.ts";
import { importDevices } from "./_devices/import-devices.ts";
import { PairingDesk } from "./_devices/pairing.ts";
import { PresenceList } from "./presence.ts";
import { Reach } from "./_listen/reach.ts";
import { SetupCodes } from "./_devices/setup-codes.ts";
import { loadGatewayKey } from "./_devices/gateway-key.ts";

export const services = [
  provide(LiveRoutes, () => new LiveRouteTable()),
  provide(Events, ({ platform }) => createEventBus(platform.log.for("events"))),
  provide(OpenCallers, () => new Callers()),
  provide(Presence, async ({ platform, use }) => new PresenceList(platform, await use(Events))),
  provide(ReachToken, () => new Reach()),
  provide(Setups, async ({ platform, use }) => new SetupCodes(platform, await use(Events))),
  provide(Pairing, async ({ platform, use }) => {
    const [store, events, key] = await Promise.all([use(StoreToken), use(Events), loadGatewayKey(platform)]);
    await importDevices(platform, store.devices);
    return new PairingDesk({ platform, devices: store.devices, events, key });
  }),
];
