/** Hop 10: one outbound message is one call: of `sendMessage`, of one for files, or a change of a preview. */
import type { RetryGate } from "openclaw/channel-kit";
import type { Clock, OutboundMessage, Receipt } from "openclaw/sdk";
import { keyboardOf } from "./_buttons.ts";
import { messageNumber, nativeId } from "./_decode.ts";
import { says, toChannelError } from "./_errors.ts";
import { sendFile } from "./_files.ts";
import { inBoth, render, replyOf, threadOf, type ApiContext, type Taken } from "./_render.ts";

export interface SendContext extends ApiContext {
  readonly token: string;
  readonly gate: RetryGate;
  readonly clock: Clock;
  readonly linkPreview: boolean;
  /** Whether messages may have buttons. */
  readonly buttons: boolean;
}

/** A preview that is older is not changed into the answer: nobody would notice the answer. */
const FRESH_MS = 60_000;

/** Markup that the server cannot parse is sent once more as plain text; every other refusal is thrown as a `ChannelError`. */
export async function send(context: SendContext, message: OutboundMessage): Promise<Receipt> {
  const { gate, token, clock } = context;
  const { chat } = message.address;
  gate.check(chat);
  try {
    const { replaces } = message;
    if (replaces && message.text === "" && !message.media) {
      await take(context, chat, replaces.nativeId);
      return { nativeId: replaces.nativeId, at: clock.now() };
    }
    if (replaces && (await changed(context, message))) return { nativeId: replaces.nativeId, at: clock.now() };
    if (replaces) await take(context, chat, replaces.nativeId);
    const sent = message.media ? await sendFile(context, message, message.media) : await sendText(context, message);
    return { nativeId: nativeId(chat, sent.message_id), at: sent.date * 1000 };
  } catch (thrown) {
    const error = toChannelError(thrown, "sendMessage", token);
    if (error.kind === "rate_limit") gate.limited(chat, error.retryAfterMs ?? 1000);
    throw error;
  }
}

/** The preview becomes the answer; false when it is too old, gone, or cannot be changed. */
async function changed(
  { api, clock, linkPreview, buttons, signal }: SendContext,
  message: OutboundMessage,
): Promise<boolean> {
  const { replaces, address, media } = message;
  const id = messageNumber(replaces?.nativeId);
  if (!replaces || id === undefined || media || clock.now() - replaces.at > FRESH_MS) return false;
  const keyboard = buttons ? keyboardOf(message) : undefined;
  const base = {
    chat_id: address.chat,
    message_id: id,
    ...(linkPreview ? {} : { link_preview_options: { is_disabled: true } }),
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  };
  try {
    // Changing it twice shows it once: no mark.
    await inBoth(render({ ...message, maybeRepeated: false }), (text) =>
      api.editMessageText({ ...base, ...text }, signal as never),
    );
    return true;
  } catch (error) {
    if (says(error, /message is not modified/i)) return true;
    if (says(error, /message to edit not found|can't be edited|message_id_invalid/i)) return false;
    throw error;
  }
}

/** Takes a message away. One that is gone, or too old to be, is none of our business any more. */
async function take({ api, signal }: SendContext, chat: string, id: string): Promise<void> {
  const number = messageNumber(id);
  if (number === undefined) return;
  try {
    await api.deleteMessage({ chat_id: chat, message_id: number }, signal as never);
  } catch (error) {
    if (!says(error, /message to delete not found|can't be deleted|message_id_invalid/i)) throw error;
  }
}

async function sendText({ api, linkPreview, buttons, signal }: SendContext, message: OutboundMessage): Promise<Taken> {
  const keyboard = buttons ? keyboardOf(message) : undefined;
  const base = {
    chat_id: message.address.chat,
    ...threadOf(message),
    ...replyOf(message),
    ...(linkPreview ? {} : { link_preview_options: { is_disabled: true } }),
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  };
  return inBoth(render(message), (text) => api.sendMessage({ ...base, ...text }, signal as never));
}
