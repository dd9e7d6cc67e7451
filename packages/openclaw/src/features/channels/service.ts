import { provide } from "../../contracts/service.ts";
import { Config } from "../config/index.ts";
import { Inbound } from "../inbound/index.ts";
import { Outbound } from "../outbound/index.ts";
import { StoreToken } from "../../store/index.ts";
import { createChannels } from "./_channels.ts";
import { ChannelRegistry, Channels } from "./index.ts";
import { loadAccounts } from "./_load.ts";

export const services = [
  provide(Channels, async ({ use, platform, scope }) => {
    const [registry, config, store, outbound] = await Promise.all([
      use(ChannelRegistry),
      use(Config),
      use(StoreToken),
      use(Outbound),
    ]);
    const snapshot = config.current();
    return createChannels({
      platform,
      scope,
      registry,
      config: snapshot,
      accounts: await loadAccounts({
        registry,
        config: snapshot,
        env: platform.env,
        log: platform.log.for("channels"),
      }),
      kv: store.kv,
      outbound,
      inbound: () => use(Inbound),
    });
  }),
];
