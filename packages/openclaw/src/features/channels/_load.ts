/** Which accounts the configuration describes. Loads only the channels that have a section. */
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Channel, ChannelAccount } from "../../contracts/channel.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { RegisteredChannels } from "./index.ts";

export interface LoadedAccount {
  readonly channel: Channel;
  readonly account: ChannelAccount;
  /** Another account has the same login and is used instead. */
  readonly duplicateOf?: string;
}

export interface LoadOptions {
  readonly registry: readonly RegisteredChannels[];
  readonly config: ConfigSnapshot;
  readonly env: Env;
}

/** An extension that cannot be loaded is logged and left out. */
export async function loadAccounts({ log, ...options }: LoadOptions & { readonly log: Log }): Promise<LoadedAccount[]> {
  const loaded = await Promise.all(
    configured(options).map((entry) =>
      accountsOf(entry, options).catch((error: unknown) => {
        log.error(`the extension ${entry.manifest.id} could not be loaded: ${errorText(error)}`);
        return [];
      }),
    ),
  );
  return markDuplicates(loaded.flat());
}

/** The same for accounts that run already: rejects, so that those of a failing extension stay as they are. */
export async function reloadAccounts(options: LoadOptions): Promise<LoadedAccount[]> {
  const loaded = await Promise.all(configured(options).map((entry) => accountsOf(entry, options)));
  return markDuplicates(loaded.flat());
}

function configured({ registry, config }: LoadOptions): readonly RegisteredChannels[] {
  return registry.filter(({ manifest }) =>
    (manifest.channels ?? []).some(({ id }) => isMap(config.at(`channels.${id}`))),
  );
}

async function accountsOf({ load }: RegisteredChannels, { config, env }: LoadOptions) {
  const channel = await load();
  return channel.accounts(config.at(`channels.${channel.id}`), env).map((account) => ({ channel, account }));
}

/** The first account with a login wins; one whose login stands in the configuration comes before one of the environment. */
function markDuplicates(all: readonly Omit<LoadedAccount, "duplicateOf">[]): LoadedAccount[] {
  const winners = new Map<string, string>();
  for (const { account } of all.toSorted((a, b) => rank(a.account) - rank(b.account))) {
    if (account.enabled && account.credential !== undefined && !winners.has(account.credential))
      winners.set(account.credential, account.id);
  }
  return all.map((entry) => {
    const winner = winners.get(entry.account.credential ?? "");
    return entry.account.enabled && winner !== undefined && winner !== entry.account.id
      ? { ...entry, duplicateOf: winner }
      : entry;
  });
}

function rank({ credentialSource }: ChannelAccount): number {
  return credentialSource === "env" ? 1 : 0;
}

function isMap(value: unknown): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
