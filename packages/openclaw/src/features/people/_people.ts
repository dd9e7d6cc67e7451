import { compact } from "../../base/text.ts";
import type { Channel, ChannelAccount } from "../../contracts/channel.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import type { Platform } from "../../contracts/service.ts";
import { normalizeCode } from "./_code.ts";
import { errors } from "./errors.ts";
import type { Admission, PairingRequest, PeopleService } from "./index.ts";
import { PeopleRecord } from "./_record.ts";
import { dmVerdict, standingOf } from "./_standing.ts";

export interface PeopleDeps {
  readonly platform: Pick<Platform, "clock" | "random" | "paths">;
  /** `commands.ownerAllowFrom` as it is now. */
  readonly configuredOwners: () => readonly string[];
}

/** People, with the files of `<state>/credentials` as their record. */
export function createPeople({ platform, configuredOwners }: PeopleDeps): PeopleService {
  const { clock } = platform;
  const record = new PeopleRecord(platform);
  const owners = async () => [...configuredOwners(), ...(await record.owners())];

  const askToPair = (envelope: Envelope, channel: Channel, account: ChannelAccount, senderId: string) => {
    const { name, username } = envelope.from;
    return record.ask(channel.id, {
      id: senderId,
      accountId: account.id,
      messageId: envelope.nativeId,
      meta: compact({ name, username }) as Record<string, string>,
      now: clock.now(),
    });
  };

  return {
    pairings: (channel) => record.requests(channel),
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
            approved: await record.approved(channel.id, account.id),
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
      const request = (await record.requests(channel)).find(
        (each) => each.code === wanted && (account === undefined || each.account === account),
      );
      if (!request) throw errors.PAIRING_CODE_UNKNOWN({ code });
      await record.admit(request);
      if ((await owners()).length === 0) await record.makeOwner(`${request.channel}:${request.senderId}`);
      await record.close(request);
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
