/** The accounts that run, and bringing them in line with another configuration. */
import { isDeepStrictEqual } from "node:util";
import type { Log } from "../../base/log.ts";
import { accountId } from "../../channel-kit/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import type { AccountRunner } from "./_account.ts";
import type { LoadedAccount } from "./_load.ts";

export interface AccountsDeps {
  readonly accounts: readonly LoadedAccount[];
  /** The accounts that another configuration describes. Rejects when a channel cannot tell. */
  readonly reload: (config: ConfigSnapshot) => Promise<readonly LoadedAccount[]>;
  readonly runnerOf: (loaded: LoadedAccount) => AccountRunner;
  readonly outbound: Pick<OutboundService, "know">;
  readonly log: Pick<Log, "warn">;
}

/** One account and what runs it. */
export interface Entry {
  readonly loaded: LoadedAccount;
  readonly runner: AccountRunner;
}

export class Accounts {
  readonly #deps: AccountsDeps;
  #entries: ReadonlyMap<string, Entry>;
  #started = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(deps: AccountsDeps) {
    this.#deps = deps;
    this.#entries = new Map(deps.accounts.map((loaded) => [keyOf(loaded), this.#enter(loaded)]));
  }

  all(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  find(channel: string, account: string): Entry | undefined {
    return this.#entries.get(`${channel}:${accountId(account)}`);
  }

  start(): void {
    this.#started = true;
    for (const entry of this.all()) this.#run(entry);
  }

  /** One call at a time. Nothing changes when the accounts cannot be told. */
  reconfigure(config: ConfigSnapshot, channel: string): Promise<void> {
    const work = this.#queue.then(async () => {
      const wanted = await this.#deps.reload(config);
      await this.#bringInLine(
        wanted.filter((loaded) => loaded.channel.id === channel),
        channel,
      );
    });
    this.#queue = work.catch(() => undefined);
    return work;
  }

  /** Everything that stops has stopped before anything starts: a login may move from one account to another. */
  async #bringInLine(wanted: readonly LoadedAccount[], channel: string): Promise<void> {
    const next = new Map(wanted.map((loaded) => [keyOf(loaded), loaded]));
    const [own, others] = [this.all().filter(isOf(channel)), this.all().filter((entry) => !isOf(channel)(entry))];
    const kept = own.filter(({ loaded }) => isSame(loaded, next.get(keyOf(loaded))));
    await Promise.all(own.filter((entry) => !kept.includes(entry)).map(({ runner }) => runner.stop()));
    const stays = new Set(kept.map(({ loaded }) => keyOf(loaded)));
    const begun = wanted.filter((loaded) => !stays.has(keyOf(loaded))).map((loaded) => this.#enter(loaded));
    const entries = [...others, ...kept, ...begun].map((entry) => [keyOf(entry.loaded), entry] as const);
    this.#entries = new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    for (const { loaded } of begun) this.#deps.outbound.know(loaded.channel, loaded.account);
    if (this.#started) for (const entry of begun) this.#run(entry);
  }

  #enter(loaded: LoadedAccount): Entry {
    return { loaded, runner: this.#deps.runnerOf(loaded) };
  }

  #run({ runner, loaded }: Entry): void {
    const { channel, problem, state } = runner.status;
    if (state === "not-configured" || loaded.duplicateOf !== undefined)
      this.#deps.log.warn(`${channel} ${loaded.account.id} is not started: ${problem}`);
    if (runner.runnable) runner.start();
  }
}

function isOf(channel: string): (entry: Entry) => boolean {
  return ({ loaded }) => loaded.channel.id === channel;
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
