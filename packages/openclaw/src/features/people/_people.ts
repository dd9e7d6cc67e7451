import { join } from "node:path";
import { list } from "../../base/files.ts";
import { compact } from "../../base/text.ts";
import type { Channel, ChannelAccount } from "../../contracts/channel.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import type { Platform } from "../../contracts/service.ts";
import { normalizeCode } from "./_code.ts";
import { SharedFile } from "./_file.ts";
import { errors } from "./errors.ts";
import type { Admission, PairingRequest, PeopleService } from "./index.ts";
import { ask, requestsOf, withoutRequest, type Asked } from "./_requests.ts";
import { dmVerdict, standingOf } from "./_standing.ts";

export interface PeopleDeps {
  readonly platform: Pick<Platform, "clock" | "random" | "paths">;
  /** `commands.ownerAllowFrom` as it is now. */
  readonly configuredOwners: () => readonly string[];
}

const PAIRING_FILE = /^(.+)-pairing\.json$/;

/**
 * People, with the files of `<state>/credentials` as their record: whoever changes those (a person, the
 * CLI beside a running gateway) is seen at the next message.
 */
export function createPeople({ platform, configuredOwners }: PeopleDeps): PeopleService {
  const { clock, random } = platform;
  const folder = join(platform.paths.state, "credentials");
  const files = new Map<string, SharedFile>();
  const file = (name: string): SharedFile => {
    const known = files.get(name) ?? new SharedFile(join(folder, name), clock);
    files.set(name, known);
    return known;
  };
  const pairingFile = (channel: string) => file(`${safe(channel)}-pairing.json`);
  const approvedFile = (channel: string, account: string) =>
    file(
      account === "default" ? `${safe(channel)}-allowFrom.json` : `${safe(channel)}-${safe(account)}-allowFrom.json`,
    );
  const owners = async () => [...configuredOwners(), ...texts((await file("owners.json").read())["owners"])];

  const askToPair = async (
    envelope: Envelope,
    channel: Channel,
    account: ChannelAccount,
    senderId: string,
  ): Promise<Asked> => {
    let asked: Asked = { outcome: "waiting" };
    const { name, username } = envelope.from;
    const who = {
      id: senderId,
      accountId: account.id,
      messageId: envelope.nativeId,
      meta: compact({ name, username }) as Record<string, string>,
      now: clock.now(),
    };
    await pairingFile(channel.id).update((content) => {
      const result = ask(content, who, random);
      asked = result.asked;
      return result.content;
    });
    return asked;
  };

  const pairings = async (channel?: string): Promise<PairingRequest[]> => {
    const channels =
      channel === undefined ? (await list(folder)).flatMap((name) => PAIRING_FILE.exec(name)?.[1] ?? []) : [channel];
    const found = await Promise.all(
      channels.map(async (id) => requestsOf(id, await pairingFile(id).read(), clock.now())),
    );
    return found.flat();
  };

  return {
    pairings,
    hasOwner: async () => (await owners()).length > 0,

    async admit(envelope, channel, account): Promise<Admission> {
      if (envelope.address.kind !== "direct") return { verdict: "ignore", reason: "groups:not-supported-yet" };
      if (envelope.from.isBot) return { verdict: "ignore", reason: "sender:bot" };
      if (account.dmPolicy === "disabled") return { verdict: "ignore", reason: "dm-policy:disabled" };
      const senderId = channel.normalizeSender(envelope.from.id);
      const keys = [senderId, ...(channel.senderKeys?.(envelope.from) ?? [])];
      // Whoever the configuration names gets in even when the files are damaged.
      const byConfig = standingOf(keys, channel, account, { owners: [], approved: [] });
      const standing = byConfig.listed
        ? byConfig
        : standingOf(keys, channel, account, {
            owners: await owners(),
            approved: texts((await approvedFile(channel.id, account.id).read())["allowFrom"]),
          });
      const { verdict, reason } = dmVerdict(account.dmPolicy, standing);
      if (verdict === "allow")
        return {
          verdict,
          reason,
          principal: { kind: "person", id: `${channel.id}:${account.id}:${senderId}`, role: standing.role, scopes: [] },
        };
      if (verdict === "ignore") return { verdict, reason };
      if (!channel.capabilities.pairing) return { verdict: "ignore", reason: "pairing:not-supported" };
      if (envelope.gesture) return { verdict: "ignore", reason: "pairing:gesture" };
      const asked = await askToPair(envelope, channel, account, senderId);
      if (asked.outcome !== "answer") return { verdict: "pair", reason: `pairing:${asked.outcome}` };
      return { verdict: "pair", reason: "pairing:code-sent", reply: introduction(channel, senderId, asked.code) };
    },

    async approve(channel, code, account): Promise<PairingRequest> {
      const wanted = normalizeCode(code);
      const request = (await pairings(channel)).find(
        (each) => each.code === wanted && (account === undefined || each.account === account),
      );
      if (!request) throw errors.PAIRING_CODE_UNKNOWN({ code });
      await approvedFile(request.channel, request.account).update((content) =>
        add(content, "allowFrom", request.senderId),
      );
      if ((await owners()).length === 0)
        await file("owners.json").update((content) =>
          texts(content["owners"]).length > 0
            ? undefined
            : add(content, "owners", `${request.channel}:${request.senderId}`),
        );
      await pairingFile(request.channel).update((content) => withoutRequest(content, request.code, clock.now()));
      return request;
    },
  };
}

/** What a stranger is told, once. */
function introduction(channel: Channel, senderId: string, code: string): string {
  return [
    "Hello! This assistant does not know you yet.",
    "",
    `Your ${channel.label} id: \`${senderId}\``,
    `Pairing code: \`${code}\``,
    "",
    "To let you in, its owner runs within an hour:",
    `\`openclaw pairing approve ${channel.id} ${code}\``,
  ].join("\n");
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
