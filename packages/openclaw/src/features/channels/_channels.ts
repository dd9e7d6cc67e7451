import { accountId, defaultAccountId } from "../../channel-kit/index.ts";
import { errorText } from "../../base/errors.ts";
import type { Scope } from "../../base/scope.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Kv } from "../../store/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { InboundService } from "../inbound/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import { AccountRunner } from "./_account.ts";
import type { AccountStatus, ChannelsService, RegisteredChannels } from "./index.ts";
import type { LoadedAccount } from "./_load.ts";

export interface ChannelsDeps {
  readonly platform: Platform;
  readonly scope: Scope;
  readonly registry: readonly RegisteredChannels[];
  readonly config: ConfigSnapshot;
  readonly accounts: readonly LoadedAccount[];
  readonly kv: Kv;
  readonly outbound: OutboundService;
  readonly inbound: () => Promise<InboundService>;
}

export function createChannels({
  platform,
  scope,
  registry,
  config,
  accounts,
  kv,
  outbound,
  inbound,
}: ChannelsDeps): ChannelsService {
  const log = platform.log.for("channels");
  const known = registry.flatMap(({ manifest }) => manifest.channels ?? []);
  const listeners = new Set<(status: AccountStatus) => void>();
  const changed = (status: AccountStatus) => {
    for (const listener of listeners) listener(status);
  };
  const runners = new Map<string, { readonly runner: AccountRunner; readonly loaded: LoadedAccount }>();
  for (const loaded of accounts) {
    const space = `channel:${loaded.channel.id}:${loaded.account.id}`;
    const runner = new AccountRunner({
      ...loaded,
      platform,
      outbound,
      changed,
      accept: async (envelope) => (await inbound()).accept(envelope),
      memory: { get: (key) => kv.get(space, key), set: (key, value) => kv.set(space, key, value) },
    });
    runners.set(`${loaded.channel.id}:${loaded.account.id}`, { runner, loaded });
  }
  const idOf = (channel: string) =>
    known.find(({ id, aliases }) => id === channel.toLowerCase() || aliases?.includes(channel.toLowerCase()))?.id ??
    channel;
  const find = (channel: string, account: string) => runners.get(`${idOf(channel)}:${accountId(account)}`);

  return {
    known,
    status: () => [...runners.values()].map(({ runner }) => runner.status),
    lookup: (channel, account) => Promise.resolve(find(channel, account)?.loaded),
    probe: async (channel, account, timeoutMs) => find(channel, account)?.runner.probe(timeoutMs),
    defaultAccount: (channel) =>
      defaultAccountId(
        config.at(`channels.${channel}`),
        accounts.filter((loaded) => loaded.channel.id === channel).map((loaded) => loaded.account.id),
      ),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      if (platform.env["OPENCLAW_SKIP_CHANNELS"] === "1")
        return log.info("no channel is started (OPENCLAW_SKIP_CHANNELS=1)");
      for (const { runner, loaded } of runners.values()) {
        const { channel, problem, state } = runner.status;
        if (state === "not-configured" || loaded.duplicateOf !== undefined)
          log.warn(`${channel} ${loaded.account.id} is not started: ${problem}`);
        if (runner.runnable)
          void runner
            .run(scope)
            .catch((error: unknown) => log.error(`${channel} ${loaded.account.id} ended: ${errorText(error)}`));
      }
    },
  };
}
