import { isDeepStrictEqual } from "node:util";
import { accountId, defaultAccountId } from "../../channel-kit/index.ts";
import type { Scope } from "../../base/scope.ts";
import type { RouteRegistry } from "../../contracts/route.ts";
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

/** One account and what runs it. */
interface Entry {
  readonly loaded: LoadedAccount;
  readonly runner: AccountRunner;
}

export function createChannels(deps: ChannelsDeps): RunningChannels {
  const { platform, registry, config } = deps;
  const log = platform.log.for("channels");
  const known = registry.flatMap(({ manifest }) => manifest.channels ?? []);
  const listeners = new Set<(status: AccountStatus) => void>();
  const changed = (status: AccountStatus) => {
    for (const listener of listeners) listener(status);
  };
  const enter = (loaded: LoadedAccount): Entry => ({ loaded, runner: makeRunner(deps, loaded, changed) });
  let entries = new Map(deps.accounts.map((loaded) => [keyOf(loaded), enter(loaded)]));
  let started = false;
  let queue = Promise.resolve();
  const idOf = (channel: string) =>
    known.find(({ id, aliases }) => id === channel.toLowerCase() || aliases?.includes(channel.toLowerCase()))?.id ??
    channel;
  const find = (channel: string, account: string) => entries.get(`${idOf(channel)}:${accountId(account)}`);
  const run = ({ runner, loaded }: Entry) => {
    const { channel, problem, state } = runner.status;
    if (state === "not-configured" || loaded.duplicateOf !== undefined)
      log.warn(`${channel} ${loaded.account.id} is not started: ${problem}`);
    if (runner.runnable) runner.start();
  };

  /** Everything that stops has stopped before anything starts: a login may move from one account to another. */
  const bringInLine = async (wanted: readonly LoadedAccount[], channel: string) => {
    const concerned = ({ loaded }: Pick<Entry, "loaded">) => loaded.channel.id === channel;
    const next = new Map(wanted.map((loaded) => [keyOf(loaded), loaded]));
    const ending = [...entries.values()].filter(
      (entry) => concerned(entry) && !isSame(entry.loaded, next.get(keyOf(entry.loaded))),
    );
    await Promise.all(ending.map(({ runner }) => runner.stop()));
    const begun: Entry[] = [];
    const others = [...entries].filter(([, entry]) => !concerned(entry));
    const own = [...next.values()]
      .filter((loaded) => concerned({ loaded }))
      .map((loaded): [string, Entry] => {
        const kept = entries.get(keyOf(loaded));
        if (kept && !ending.includes(kept)) return [keyOf(loaded), kept];
        const entry = enter(loaded);
        begun.push(entry);
        return [keyOf(loaded), entry];
      });
    entries = new Map([...others, ...own].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    for (const { loaded } of begun) deps.outbound.know(loaded.channel, loaded.account);
    if (started) begun.forEach(run);
  };

  return {
    known,
    status: () => [...entries.values()].map(({ runner }) => runner.status),
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
        [...entries.values()].flatMap(({ loaded }) => (loaded.channel.id === channel ? [loaded.account.id] : [])),
      ),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      if (platform.env["OPENCLAW_SKIP_CHANNELS"] === "1")
        return log.info("no channel is started (OPENCLAW_SKIP_CHANNELS=1)");
      started = true;
      for (const entry of entries.values()) run(entry);
    },
    reconfigure(wanted, channel) {
      const work = queue.then(async () => bringInLine(await deps.reload(wanted), channel));
      queue = work.catch(() => undefined);
      return work;
    },
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
    memory: { get: (key) => kv.get(space, key), set: (key, value) => kv.set(space, key, value) },
    scope,
  });
}

function isRunning({ state }: AccountStatus): boolean {
  return state === "starting" || state === "connecting" || state === "connected" || state === "disconnected";
}

function keyOf({ channel, account }: LoadedAccount): string {
  return `${channel.id}:${account.id}`;
}

function isSame(a: LoadedAccount, b: LoadedAccount | undefined): boolean {
  return (
    b !== undefined &&
    a.channel === b.channel &&
    a.duplicateOf === b.duplicateOf &&
    isDeepStrictEqual(a.account, b.account)
  );
}
