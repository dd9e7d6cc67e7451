import type { Scope } from "../../base/scope.ts";
import { LiveRoutes } from "../../contracts/bus.ts";
import { LifecycleToken, type Lifecycle } from "../../contracts/lifecycle.ts";
import { provide } from "../../contracts/service.ts";
import { Config } from "../config/index.ts";
import { Inbound } from "../inbound/index.ts";
import { Outbound } from "../outbound/index.ts";
import { StoreToken } from "../../store/index.ts";
import { createChannels, type RunningChannels } from "./_channels.ts";
import { ChannelRegistry, Channels } from "./index.ts";
import { loadAccounts, reloadAccounts } from "./_load.ts";

export const services = [
  provide(Channels, async ({ use, platform, scope }) => {
    const [registry, config, store, outbound, routes] = await Promise.all([
      use(ChannelRegistry),
      use(Config),
      use(StoreToken),
      use(Outbound),
      use(LiveRoutes),
    ]);
    const { env } = platform;
    const log = platform.log.for("channels");
    const channels = createChannels({
      platform,
      scope,
      registry,
      config: () => config.current(),
      accounts: await loadAccounts({ registry, config: config.current(), env, log }),
      reload: (snapshot) => reloadAccounts({ registry, config: snapshot, env }),
      kv: store.kv,
      outbound,
      routes,
      inbound: () => use(Inbound),
    });
    const lifecycle = await use(LifecycleToken).catch(() => undefined);
    if (lifecycle) registerParts(lifecycle, channels, scope);
    return channels;
  }),
];

/** The part `channels.<id>` restarts what changed of one channel. */
function registerParts(lifecycle: Lifecycle, channels: RunningChannels, scope: Scope): void {
  const remove = channels.known.map(({ id }) =>
    lifecycle.part(`channels.${id}`, ({ config }) => channels.reconfigure(config, id)),
  );
  scope.add("channel parts", () => remove.forEach((each) => each()));
}
