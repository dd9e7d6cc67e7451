/** Hop 1: a Bot API update becomes an envelope. Pure. */
import type { CallbackQuery, Message, Update } from "grammy/types";
import type { Envelope } from "openclaw/sdk";
import { fileOf, placeholder } from "./_attachments.ts";

export type Decoded = { readonly envelope: Envelope } | { readonly skipped: string };

/** Kinds of updates that are asked for; the server remembers the list. */
export const UPDATES = ["message", "callback_query"] as const;

/** Messages and taps in direct chats; everything else is skipped with its reason. */
export function toEnvelope(update: Update, account: string): Decoded {
  const { message, callback_query: tap } = update;
  if (tap !== undefined) return fromTap(tap, account);
  if (message === undefined)
    return { skipped: `update:${Object.keys(update).find((key) => key !== "update_id") ?? "empty"}` };
  if (message.chat.type !== "private") return { skipped: "groups:not-supported-yet" };
  if (message.from === undefined) return { skipped: "no-sender" };
  const parts = partsOf(message);
  if (parts === undefined) return { skipped: "no-text" };
  const { from, chat, message_thread_id: thread, reply_to_message: quoted } = message;
  return {
    envelope: {
      nativeId: nativeId(chat.id, message.message_id),
      address: { channel: "telegram", account, kind: "direct", chat: String(chat.id) },
      from: senderOf(from),
      parts,
      at: message.date * 1000,
      ...(quoted === undefined ? {} : { replyTo: nativeId(chat.id, quoted.message_id) }),
      ...(/^\/start(?:@\w+)?(?:\s|$)/.test(message.text ?? "") ? { gesture: true } : {}),
      ...(thread === undefined ? {} : { native: { messageThreadId: thread } }),
    },
  };
}

/** A tap on a button says what stands in it, as if it were typed. */
function fromTap({ id, from, message, data }: CallbackQuery, account: string): Decoded {
  if (message === undefined || data === undefined) return { skipped: "tap-without-message" };
  const { chat } = message;
  if (chat.type !== "private") return { skipped: "groups:not-supported-yet" };
  const thread = "message_thread_id" in message ? message.message_thread_id : undefined;
  return {
    envelope: {
      nativeId: `${chat.id}:tap-${id}`,
      address: { channel: "telegram", account, kind: "direct", chat: String(chat.id) },
      from: senderOf(from),
      parts: [{ type: "text", text: data.startsWith("/") ? data : `callback_data: ${data}` }],
      at: message.date * 1000,
      gesture: true,
      ...(thread === undefined ? {} : { native: { messageThreadId: thread } }),
    },
  };
}

function senderOf(from: CallbackQuery["from"]): Envelope["from"] {
  const name = [from.first_name, from.last_name].filter(Boolean).join(" ");
  return {
    id: String(from.id),
    isBot: from.is_bot,
    ...(name === "" ? {} : { name }),
    ...(from.username === undefined ? {} : { username: from.username }),
  };
}

/** Message ids are unique within a chat only. */
export function nativeId(chat: number | string, message: number): string {
  return `${chat}:${message}`;
}

/** The number of a message from `nativeId`, or from a bare number; undefined for anything else. */
export function messageNumber(id: string | undefined): number | undefined {
  const digits = /(?:^|:)(\d{1,15})$/.exec(id ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** What was written, then the file that came with it; undefined for a message with neither. */
function partsOf(message: Message): Envelope["parts"] | undefined {
  const text = [message.text, message.caption, placeholder(message)].find((one) => one !== undefined && one !== "");
  const file = fileOf(message);
  const written = file !== undefined && message.sticker !== undefined ? undefined : text;
  if (written === undefined && file === undefined) return undefined;
  return [...(written === undefined ? [] : [{ type: "text" as const, text: written }]), ...(file ? [file] : [])];
}

/** Messages of one album, in their order, as one: the first, with the files and words of all. */
export function asAlbum(envelopes: readonly Envelope[]): Envelope | undefined {
  const [first] = envelopes;
  return first && { ...first, parts: envelopes.flatMap(({ parts }) => parts) };
}

/** What the pictures of an album share. */
export function albumOf({ message }: Update): string | undefined {
  return message?.media_group_id;
}
