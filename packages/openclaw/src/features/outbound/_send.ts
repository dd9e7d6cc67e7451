/** The work behind `send`, `poll` and `message.action`. */
import { uuid } from "../../base/ids.ts";
import type { Address } from "../../contracts/envelope.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { Outbound } from "./_service-tokens.ts";
import { errors } from "./errors.ts";
import type { OutboundService } from "./index.ts";

/** How long a client waits for the network. */
const PATIENCE_MS = 20_000;

interface Send {
  readonly to: string;
  readonly message?: string | undefined;
  readonly mediaUrl?: string | undefined;
  readonly mediaUrls?: readonly string[] | undefined;
  readonly buffer?: string | undefined;
  readonly replyToId?: string | undefined;
  readonly channel?: string | undefined;
  readonly accountId?: string | undefined;
  readonly threadId?: string | undefined;
  readonly idempotencyKey: string;
}

export async function send(call: MethodCall, params: Send) {
  const { message = "", mediaUrl, mediaUrls, buffer, idempotencyKey } = params;
  const hasMedia = mediaUrl !== undefined || buffer !== undefined || (mediaUrls?.length ?? 0) > 0;
  if (message.trim() === "" && !hasMedia) throw errors.SEND_EMPTY();
  const outbound = await call.use(Outbound);
  const { channel, account } = accountOf(outbound, params);
  if (hasMedia) throw errors.SEND_MEDIA_UNAVAILABLE();
  const { kind, chat } = target(params.to, channel.id);
  const { threadId: thread } = params;
  const address: Address = {
    channel: channel.id,
    account: account.id,
    kind,
    chat,
    ...(thread === undefined ? {} : { thread }),
  };
  const said = await outbound.say({
    key: idempotencyKey,
    address,
    text: message,
    replyTo: params.replyToId,
    timeoutMs: PATIENCE_MS,
    signal: call.signal,
  });
  if (said.state === "failed") throw errors.SEND_FAILED({ error: said.error });
  if (said.state === "waiting")
    throw errors.SEND_WAITING({ channel: channel.id, account: account.id, error: said.error ?? "" });
  return { runId: idempotencyKey, messageId: said.nativeIds.at(-1) ?? "", channel: channel.id, chatId: chat };
}

export async function poll(
  call: MethodCall,
  params: Pick<Send, "channel" | "accountId">,
): Promise<{ runId: string; messageId: string; channel: string; chatId: string }> {
  const outbound = await call.use(Outbound);
  if (params.channel !== undefined) throw errors.POLL_CHANNEL_UNKNOWN({ channel: params.channel });
  throw errors.POLL_CHANNEL_UNKNOWN({ channel: accountOf(outbound, params).channel.id });
}

interface Action {
  readonly channel: string;
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string | undefined;
  readonly accountId?: string | undefined;
}

export async function action(call: MethodCall, given: Action): Promise<Record<string, unknown>> {
  const outbound = await call.use(Outbound);
  const { channel } = accountOf(outbound, given);
  if (given.action !== "send") throw errors.ACTION_UNAVAILABLE({ action: given.action, channel: channel.id });
  const word = (...names: readonly string[]) => {
    const value = names.map((name) => given.params[name]).find((one) => one !== undefined && one !== null);
    return value === undefined ? undefined : String(value as string | number);
  };
  const sent = await send(call, {
    to: word("to", "target", "chatId") ?? "",
    message: word("message", "text", "content"),
    mediaUrl: word("media", "mediaUrl", "path", "filePath"),
    buffer: word("buffer"),
    replyToId: word("replyTo", "replyToId"),
    threadId: word("threadId"),
    channel: channel.id,
    accountId: given.accountId ?? word("accountId"),
    idempotencyKey: given.idempotencyKey ?? uuid(call.platform.random),
  });
  return { ok: true, action: "send", to: sent.chatId, ...sent };
}

/** The account meant: the one named, else the default one of the channel; the channel that is the only one. */
function accountOf(
  outbound: OutboundService,
  { channel: named, accountId }: { readonly channel?: string | undefined; readonly accountId?: string | undefined },
) {
  const all = outbound.accounts();
  const channels = [...new Set(all.map(({ channel }) => channel.id))];
  if (named === undefined && channels.length !== 1) throw errors.SEND_CHANNEL_MISSING({ configured: channels });
  const wanted = named?.toLowerCase() ?? channels[0] ?? "";
  const own = all.filter(({ channel }) => channel.id === wanted || channel.aliases.includes(wanted));
  const id = accountId?.toLowerCase() ?? "default";
  const found = own.find(({ account }) => account.id === id) ?? (accountId === undefined ? own[0] : undefined);
  if (!found) throw errors.SEND_CHANNEL_UNKNOWN({ channel: named ?? wanted });
  return found;
}

/** `telegram:group:-100`, `group:-100`, `user:42`, `42`. */
function target(to: string, channel: string): { kind: Address["kind"]; chat: string } {
  const rest = to.startsWith(`${channel}:`) ? to.slice(channel.length + 1) : to;
  const match = /^(group|channel|user|dm|direct):(.+)$/s.exec(rest);
  if (!match?.[2]) return { kind: "direct", chat: rest };
  const kind = match[1] === "group" || match[1] === "channel" ? match[1] : "direct";
  return { kind, chat: match[2] };
}
