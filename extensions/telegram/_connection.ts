import { RetryGate, pollLoop, readTokenFile } from "openclaw/channel-kit";
import { ChannelError, type ChannelAccount, type ChannelConnection, type ChannelLink } from "openclaw/sdk";
import type { TelegramSettings } from "./_accounts.ts";
import { botApi, type BotApi } from "./_api.ts";
import { messageNumber } from "./_decode.ts";
import { download } from "./_download.ts";
import { toChannelError } from "./_errors.ts";
import { registerMenu } from "./_menu.ts";
import { Receiver } from "./_poll.ts";
import { preview } from "./_preview.ts";
import { send } from "./_send.ts";

/** How long sends under way may take when the account stops. */
const CLOSE_MS = 5000;

export async function connect(
  account: ChannelAccount<TelegramSettings>,
  link: ChannelLink,
): Promise<ChannelConnection> {
  const { settings } = account;
  const token = await tokenOf(settings);
  const api = botApi({ token, apiRoot: settings.apiRoot, callTimeoutMs: settings.callTimeoutMs, fetch: link.fetch });
  for (const key of settings.unused)
    link.log.warn(`channels.telegram.${key} has no effect in this version; messages are received by polling.`);
  link.state("connecting");
  const me = await whoAmI(api, token, link.signal);
  const receiver = await Receiver.resume({ api, token, link, account: account.id, bot: me.id });
  link.state("connected");
  void registerMenu({ api, token }, link, settings.customCommands);

  const polling = new AbortController();
  const sending = new AbortController();
  const underway = new Set<Promise<unknown>>();
  const gate = new RetryGate(link.clock);
  const context = {
    api,
    token,
    gate,
    linkPreview: settings.linkPreview,
    clock: link.clock,
    buttons: settings.buttons,
    signal: sending.signal,
  };
  const received = pollLoop({
    ...link,
    signal: AbortSignal.any([link.signal, polling.signal]),
    stallMs: settings.stallMs,
    poll: (signal) => receiver.poll(signal),
  });
  const ended = new Promise<never>((_, reject) => {
    received.catch(reject);
  });
  ended.catch(() => undefined);

  return {
    ended,
    async send(message) {
      if (polling.signal.aborted) throw new ChannelError({ kind: "network", message: "The account is stopping." });
      const call = send(context, message);
      underway.add(call);
      return call.finally(() => underway.delete(call));
    },
    async typing(address) {
      if (gate.remaining(address.chat) > 0) return;
      await api
        .sendChatAction({ chat_id: address.chat, action: "typing" }, sending.signal as never)
        .catch((error: unknown) => link.log.debug(toChannelError(error, "sendChatAction", token).message));
    },
    async react(address, nativeId, emoji) {
      const message_id = messageNumber(nativeId);
      if (message_id === undefined || gate.remaining(address.chat) > 0) return;
      const reaction = emoji === undefined ? [] : [{ type: "emoji" as const, emoji: emoji as never }];
      try {
        await api.setMessageReaction({ chat_id: address.chat, message_id, reaction }, sending.signal as never);
      } catch (error) {
        throw toChannelError(error, "setMessageReaction", token);
      }
    },
    download: (ref, options) => {
      const { apiRoot, callTimeoutMs } = settings;
      return download({ api, token, apiRoot, callTimeoutMs, fetch: link.fetch }, ref, options);
    },
    preview: (route, begun) => preview(context, settings.preview, route, begun),
    probe: async () => ({ account: `@${(await whoAmI(api, token, link.signal)).username}` }),
    async close() {
      polling.abort();
      const cancel = link.clock.timer(CLOSE_MS, () => sending.abort());
      await Promise.allSettled([received, ...underway]);
      cancel();
      sending.abort();
    },
  };
}

async function whoAmI(api: BotApi, token: string, signal: AbortSignal) {
  try {
    return await api.getMe(signal as never);
  } catch (error) {
    throw toChannelError(error, "getMe", token);
  }
}

async function tokenOf({ botToken, tokenFile }: TelegramSettings): Promise<string> {
  if (botToken !== undefined) return botToken;
  return readTokenFile(tokenFile ?? "");
}
