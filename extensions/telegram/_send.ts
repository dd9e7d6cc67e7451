/** Hop 10: one outbound message is one `sendMessage`. */
import { parseMarkdown, plain, telegramHtml, type RetryGate } from "openclaw/channel-kit";
import type { OutboundMessage, Receipt } from "openclaw/sdk";
import type { BotApi } from "./_api.ts";
import { keyboardOf } from "./_buttons.ts";
import { messageNumber, nativeId } from "./_decode.ts";
import { says, toChannelError } from "./_errors.ts";
import { REPEAT_MARK } from "./_texts.ts";

export interface SendContext {
  readonly api: BotApi;
  readonly token: string;
  readonly gate: RetryGate;
  readonly linkPreview: boolean;
  readonly quotes: boolean;
  /** Whether messages may have buttons. */
  readonly buttons: boolean;
  readonly signal: AbortSignal;
}

const MAX_TEXT = 4096;

type Payload = Parameters<BotApi["sendMessage"]>[0];

/** Markup that the server cannot parse is sent once more as plain text; every other refusal is thrown as a `ChannelError`. */
export async function send(context: SendContext, message: OutboundMessage): Promise<Receipt> {
  const { gate, token } = context;
  const { chat } = message.address;
  gate.check(chat);
  try {
    const sent = await sendText(context, message);
    return { nativeId: nativeId(chat, sent.message_id), at: sent.date * 1000 };
  } catch (thrown) {
    const error = toChannelError(thrown, "sendMessage", token);
    if (error.kind === "rate_limit") gate.limited(chat, error.retryAfterMs ?? 1000);
    throw error;
  }
}

async function sendText({ api, linkPreview, quotes, buttons, signal }: SendContext, message: OutboundMessage) {
  const { html, text } = render(message);
  const keyboard = buttons ? keyboardOf(message) : undefined;
  const base = {
    chat_id: message.address.chat,
    ...threadOf(message),
    ...(quotes ? replyOf(message) : {}),
    ...(linkPreview ? {} : { link_preview_options: { is_disabled: true } }),
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  };
  const call = (payload: Payload) => api.sendMessage(payload, signal as never);
  if (html === undefined) return call({ ...base, text });
  try {
    return await call({ ...base, text: html, parse_mode: "HTML" });
  } catch (error) {
    if (!says(error, /can't parse entities/i)) throw error;
    return call({ ...base, text });
  }
}

function render({ text: markdown, maybeRepeated }: OutboundMessage): { html?: string; text: string } {
  const mark = maybeRepeated ? REPEAT_MARK : "";
  const styled = parseMarkdown(markdown);
  if (styled.text.trim() === "") return { text: mark + markdown };
  const withLinks = mark + plain(styled);
  return { html: mark + telegramHtml(styled), text: withLinks.length <= MAX_TEXT ? withLinks : mark + styled.text };
}

function threadOf({ native }: OutboundMessage): { message_thread_id?: number } {
  const thread = native?.["messageThreadId"];
  return typeof thread === "number" ? { message_thread_id: thread } : {};
}

function replyOf({ replyTo }: OutboundMessage): Pick<Payload, "reply_parameters"> {
  const id = messageNumber(replyTo);
  return id === undefined ? {} : { reply_parameters: { message_id: id, allow_sending_without_reply: true } };
}
