/**
 * The record of people: the files of `<state>/credentials`. Whoever changes those (a person, the CLI beside a
 * running gateway) is seen at the next message.
 */
import { join } from "node:path";
import { list } from "../../base/files.ts";
import type { Platform } from "../../contracts/service.ts";
import { SharedFile } from "./_file.ts";
import type { PairingRequest } from "./index.ts";
import { ask, requestsOf, withoutRequest, type Asked, type Asking } from "./_requests.ts";

const PAIRING_FILE = /^(.+)-pairing\.json$/;

export class PeopleRecord {
  readonly #platform: Pick<Platform, "clock" | "random">;
  readonly #folder: string;
  readonly #files = new Map<string, SharedFile>();

  constructor(platform: Pick<Platform, "clock" | "random" | "paths">) {
    this.#platform = platform;
    this.#folder = join(platform.paths.state, "credentials");
  }

  /** Owners as approved, `<channel>:<sender>`; those of the configuration are not among them. */
  async owners(): Promise<readonly string[]> {
    return texts((await this.#file("owners.json").read())["owners"]);
  }

  /** Makes somebody the owner while there is none. */
  async makeOwner(owner: string): Promise<void> {
    await this.#file("owners.json").update((content) =>
      texts(content["owners"]).length > 0 ? undefined : add(content, "owners", owner),
    );
  }

  /** Senders who were approved for an account. */
  async approved(channel: string, account: string): Promise<readonly string[]> {
    return texts((await this.#approvedFile(channel, account).read())["allowFrom"]);
  }

  /** Open requests of one channel or all, oldest first in each. */
  async requests(channel?: string): Promise<PairingRequest[]> {
    const channels =
      channel === undefined
        ? (await list(this.#folder)).flatMap((name) => PAIRING_FILE.exec(name)?.[1] ?? [])
        : [channel];
    const now = this.#platform.clock.now();
    const found = await Promise.all(
      channels.map(async (id) => requestsOf(id, await this.#pairingFile(id).read(), now)),
    );
    return found.flat();
  }

  /** Notes that a stranger wrote, and says what is due to them. */
  async ask(channel: string, who: Asking): Promise<Asked> {
    let asked: Asked = { outcome: "waiting" };
    await this.#pairingFile(channel).update((content) => {
      const result = ask(content, who, this.#platform.random);
      asked = result.asked;
      return result.content;
    });
    return asked;
  }

  /** Lets the sender of a request in from now on. */
  async admit({ channel, account, senderId }: PairingRequest): Promise<void> {
    await this.#approvedFile(channel, account).update((content) => add(content, "allowFrom", senderId));
  }

  async close({ channel, code }: PairingRequest): Promise<void> {
    const now = this.#platform.clock.now();
    await this.#pairingFile(channel).update((content) => withoutRequest(content, code, now));
  }

  #pairingFile(channel: string): SharedFile {
    return this.#file(`${safe(channel)}-pairing.json`);
  }

  #approvedFile(channel: string, account: string): SharedFile {
    const name = account === "default" ? safe(channel) : `${safe(channel)}-${safe(account)}`;
    return this.#file(`${name}-allowFrom.json`);
  }

  #file(name: string): SharedFile {
    const known = this.#files.get(name) ?? new SharedFile(join(this.#folder, name), this.#platform.clock);
    this.#files.set(name, known);
    return known;
  }
}

function add(content: Readonly<Record<string, unknown>>, field: string, entry: string): Record<string, unknown> {
  const have = texts(content[field]);
  return { version: 1, ...content, [field]: have.includes(entry) ? have : [...have, entry] };
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((entry) => typeof entry === "string" || typeof entry === "number").map(String)
    : [];
}

/** A name that stays in its folder. */
function safe(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, "-")
    .replace(/^\.+/, "");
}
