/** `channels.start`, `.stop`, `.logout`, `web.login.*`: connections by hand. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod, type MethodCall } from "../../contracts/method.ts";
import { errors } from "./errors.ts";
import { Channels } from "./_service-tokens.ts";

const text = Type.String({ minLength: 1, maxLength: 200 });
const maybe = Type.Optional(text);
const Named = { channel: text, accountId: maybe };
const Open = Type.Record(Type.String(), Type.Unknown());

const login = (name: string, summary: string, params: Parameters<typeof closed>[0]) =>
  defineMethod({
    name,
    scope: "operator.admin",
    summary,
    hidden: true,
    params: closed(params),
    result: Open,
    run: () => {
      throw errors.WEB_LOGIN_UNAVAILABLE();
    },
  });

export const loginMethods = [
  defineMethod({
    name: "channels.start",
    scope: "operator.admin",
    summary: "Connects an account that was stopped.",
    params: closed(Named),
    result: closed({ channel: Type.String(), accountId: Type.String(), started: Type.Boolean() }),
    async run(call, params) {
      const { channel, accountId } = await named(call, params);
      return { channel, accountId, started: await (await call.use(Channels)).startAccount(channel, accountId) };
    },
  }),
  defineMethod({
    name: "channels.stop",
    scope: "operator.admin",
    summary: "Ends the connection of an account until it is started again.",
    params: closed(Named),
    result: closed({ channel: Type.String(), accountId: Type.String(), stopped: Type.Boolean() }),
    async run(call, params) {
      const { channel, accountId } = await named(call, params);
      return { channel, accountId, stopped: await (await call.use(Channels)).stopAccount(channel, accountId) };
    },
  }),
  defineMethod({
    name: "channels.logout",
    scope: "operator.admin",
    summary: "Ends the connection of an account. Its credentials stay where they were set.",
    params: closed(Named),
    result: closed({
      channel: Type.String(),
      accountId: Type.String(),
      cleared: Type.Boolean(),
      loggedOut: Type.Boolean(),
    }),
    async run(call, params) {
      const channels = await call.use(Channels);
      if (!isKnown(channels.known, params.channel)) throw errors.LOGOUT_CHANNEL_INVALID();
      const { channel, accountId } = await named(call, params);
      return { channel, accountId, cleared: false, loggedOut: await channels.stopAccount(channel, accountId) };
    },
  }),
  login("web.login.start", "Begins a login by QR code.", {
    force: Type.Optional(Type.Boolean()),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })),
    verbose: Type.Optional(Type.Boolean()),
    channel: maybe,
    accountId: maybe,
  }),
  login("web.login.wait", "Waits for a login by QR code.", {
    sessionKey: maybe,
    timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })),
    channel: maybe,
    accountId: maybe,
  }),
];

function isKnown(known: readonly { readonly id: string; readonly aliases?: readonly string[] }[], channel: string) {
  const wanted = channel.toLowerCase();
  return known.some(({ id, aliases }) => id === wanted || aliases?.includes(wanted));
}

/** The account meant. Throws `CHANNEL_ACCOUNT_UNKNOWN` for one that is not configured. */
async function named(call: MethodCall, params: { readonly channel: string; readonly accountId?: string }) {
  const channels = await call.use(Channels);
  const account = params.accountId ?? channels.defaultAccount(params.channel) ?? "default";
  const found = await channels.lookup(params.channel, account);
  if (!found) throw errors.CHANNEL_ACCOUNT_UNKNOWN({ channel: params.channel, account });
  return { channel: found.channel.id, accountId: found.account.id };
}
