import { defaultAccountId } from "../../channel-kit/index.ts";
import type { Scope } from "../../base/scope.ts";
import type { RouteRegistry } from "../../contracts/route.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Kv } from "../../store/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { InboundService } from "../inbound/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import { AccountRunner } from "./_account.ts";
import { Accounts } from "./_accounts.ts";
import type { AccountStatus, ChannelsService, RegisteredChannels } from "./index.ts";
import type { LoadedAccount } from "./_load.ts";

export interface ChannelsDeps {
  readonly platform: Platform;
  readonly scope: Scope;
  readonly registry: readonly RegisteredChannels[];
  readonly config: () => ConfigSnapshot;
  readonly accounts: readonly LoadedAccount[];
  /** The accounts that another configuration describes. Rejects when a channel cannot tell. */
  readonly reload: (config: ConfigSnapshot) => Promise<readonly LoadedAccount[]>;
  readonly kv: Kv;
  readonly routes: Pick<RouteRegistry, "add">;
  readonly outbound: Pick<OutboundService, "attach" | "know">;
  readonly inbound: () => Promise<InboundService>;
}

export interface RunningChannels extends ChannelsService {
  /**
   * Brings the accounts of a channel in line with a configuration: new ones start, those that are gone stop,
   * changed ones restart; the others stay connected. One call at a time.
   */
  reconfigure(config: ConfigSnapshot, channel: string): Promise<void>;
}

export function createChannels(deps: ChannelsDeps): RunningChannels {
  const { platform, registry, config, reload, outbound } = deps;
  const log = platform.log.for("channels");
  const known = registry.flatMap(({ manifest }) => manifest.channels ?? []);
  const listeners = new Set<(status: AccountStatus) => void>();
  const changed = (status: AccountStatus) => {
    for (const listener of listeners) listener(status);
  };
  const runnerOf = (loaded: LoadedAccount) => makeRunner(deps, loaded, changed);
  const accounts = new Accounts({ accounts: deps.accounts, reload, runnerOf, outbound, log });
  const idOf = (channel: string) =>
    known.find(({ id, aliases }) => id === channel.toLowerCase() || aliases?.includes(channel.toLowerCase()))?.id ??
    channel;
  const find = (channel: string, account: string) => accounts.find(idOf(channel), account);

  return {
    known,
    status: () => accounts.all().map(({ runner }) => runner.status),
    lookup: (channel, account) => Promise.resolve(find(channel, account)?.loaded),
    async startAccount(channel, account) {
      const runner = find(channel, account)?.runner;
      if (runner?.runnable !== true) return runner !== undefined && isRunning(runner.status);
      runner.start();
      return true;
    },
    async stopAccount(channel, account) {
      const runner = find(channel, account)?.runner;
      await runner?.stop();
      return runner !== undefined;
    },
    probe: async (channel, account, timeoutMs) => find(channel, account)?.runner.probe(timeoutMs),
    defaultAccount: (channel) =>
      defaultAccountId(
        config().at(`channels.${channel}`),
        accounts.all().flatMap(({ loaded }) => (loaded.channel.id === channel ? [loaded.account.id] : [])),
      ),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      if (platform.env["OPENCLAW_SKIP_CHANNELS"] === "1")
        return log.info("no channel is started (OPENCLAW_SKIP_CHANNELS=1)");
      accounts.start();
    },
    reconfigure: (wanted, channel) => accounts.reconfigure(wanted, channel),
  };
}

function makeRunner(
  deps: ChannelsDeps,
  loaded: LoadedAccount,
  changed: (status: AccountStatus) => void,
): AccountRunner {
  const { platform, scope, outbound, inbound, kv, routes } = deps;
  const space = `channel:${loaded.channel.id}:${loaded.account.id}`;
  return new AccountRunner({
    ...loaded,
    platform,
    outbound,
    routes,
    changed,
    accept: async (envelope) => (await inbound()).accept(envelope),
    menu: async () => (await inbound()).menu(loaded.channel, loaded.account.id),
    memory: { get: (key) => kv.get(space, key), set: (key, value) => kv.set(space, key, value) },
    scope,
  });
}

function isRunning({ state }: AccountStatus): boolean {
  return state === "starting" || state === "connecting" || state === "connected" || state === "disconnected";
}
