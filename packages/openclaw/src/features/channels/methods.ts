import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod, type MethodCall } from "../../contracts/method.ts";
import { accountId } from "../../channel-kit/index.ts";
import { Outbound } from "../outbound/index.ts";
import { PAIRING_LIMITS, People } from "../people/index.ts";
import { StoreToken } from "../../store/index.ts";
import { errors } from "./errors.ts";
import { Channels, type ChannelProbe } from "./index.ts";
import { loginMethods } from "./_methods-login.ts";
import { channelsStatus } from "./_methods-status.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const text = (maxLength = 200) => Type.String({ minLength: 1, maxLength });

export const methods = [
  defineMethod({
    name: "channels.status",
    scope: "operator.read",
    summary: "Channels, their accounts and the state of each connection.",
    params: closed({
      probe: Type.Optional(Type.Boolean()),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 120_000 })),
      channel: Type.Optional(text()),
    }),
    result: Open,
    async run(call, { channel, probe, timeoutMs }) {
      const channels = await call.use(Channels);
      const probes = new Map<string, ChannelProbe>();
      if (probe === true) {
        const wanted = channels.status().filter((status) => channel === undefined || status.channel === channel);
        await Promise.all(
          wanted.map(async (status) => {
            const result = await channels.probe(status.channel, status.account, timeoutMs ?? 8000);
            if (result) probes.set(`${status.channel}:${status.account}`, result);
          }),
        );
      }
      return {
        ...channelsStatus(channels, {
          now: call.platform.clock.now(),
          probes,
          ...(channel === undefined ? {} : { channel }),
        }),
      };
    },
  }),
  ...loginMethods,
  defineMethod({
    name: "channels.pairing.list",
    scope: "operator.pairing",
    summary: "People who ask to be let in.",
    params: closed({ channel: Type.Optional(text()), accountId: Type.Optional(text()) }),
    result: Open,
    async run(call, params) {
      const [people, channels] = await Promise.all([call.use(People), call.use(Channels)]);
      const requests = await people.pairings(params.channel);
      return {
        accounts: channels
          .status()
          .filter(({ dmPolicy }) => dmPolicy === "pairing")
          .map(({ channel, account, label }) => ({ channel, accountId: account, label })),
        requests: requests
          .filter(({ account }) => params.accountId === undefined || account === params.accountId)
          .map(({ account, senderId, ...rest }) => ({
            ...rest,
            id: senderId,
            senderId,
            accountId: account,
            expiresAt: rest.createdAt + PAIRING_LIMITS.ttlMs,
          })),
        commandOwnerConfigured: await people.hasOwner(),
        limits: { pendingPerAccount: PAIRING_LIMITS.pending, ttlMs: PAIRING_LIMITS.ttlMs },
      };
    },
  }),
  defineMethod({
    name: "channels.pairing.approve",
    scope: "operator.pairing",
    summary: "Lets somebody in by their pairing code.",
    params: closed({
      channel: Type.Optional(text()),
      code: text(40),
      accountId: Type.Optional(text()),
      notify: Type.Optional(Type.Boolean()),
    }),
    result: closed({
      channel: Type.String(),
      accountId: Type.String(),
      senderId: Type.String(),
      notified: Type.Boolean(),
    }),
    async run(call, { channel, code, accountId: account, notify: wanted }) {
      const people = await call.use(People);
      const request = await people.approve(channel, code, account);
      const notified = wanted === true && (await notify(call, request.channel, request.account, request.senderId));
      return { channel: request.channel, accountId: request.account, senderId: request.senderId, notified };
    },
  }),
  defineMethod({
    name: "channels.pairing.notify",
    scope: "operator.pairing",
    summary: "Tells somebody who was let in that they may write now.",
    params: closed({ channel: text(), accountId: Type.Optional(text()), senderId: text() }),
    result: closed({ ok: Type.Literal(true) }),
    async run(call, params) {
      const account = accountId(params.accountId ?? "default");
      if (!(await notify(call, params.channel, account, params.senderId)))
        throw errors.CHANNEL_ACCOUNT_UNKNOWN({ channel: params.channel, account });
      return { ok: true as const };
    },
  }),
];

/** In direct chats of the channels that pair, the chat's id is the sender's. False when there is no such account. */
async function notify(call: MethodCall, channel: string, account: string, senderId: string): Promise<boolean> {
  const [channels, outbound, store] = await Promise.all([call.use(Channels), call.use(Outbound), call.use(StoreToken)]);
  const found = await channels.lookup(channel, account);
  if (!found) return false;
  const at = call.platform.clock.now();
  const address = { channel: found.channel.id, account, kind: "direct" as const, chat: senderId };
  await store.outbox.post(
    outbound.compose(
      ["You have been let in: the assistant answers you from now on."],
      { address },
      { keyPrefix: `pairing-notice:${channel}:${account}:${senderId}:${at}`, at },
    ),
  );
  outbound.wake(`${found.channel.id}:${account}`);
  return true;
}
