/** Markdown as Telegram's HTML, and as plain text for when that is refused; and where it goes. */
import { parseMarkdown, plain, telegramHtml } from "openclaw/channel-kit";
import type { OutboundMessage, ReplyRoute } from "openclaw/sdk";
import type { BotApi } from "./_api.ts";
import { messageNumber } from "./_decode.ts";
import { says } from "./_errors.ts";
import { REPEAT_MARK } from "./_texts.ts";

const MAX_TEXT = 4096;

type Payload = Parameters<BotApi["sendMessage"]>[0];

export interface ApiContext {
  readonly api: BotApi;
  readonly signal: AbortSignal;
}

/** What the Bot API says of a message that it took. */
export interface Taken {
  readonly message_id: number;
  readonly date: number;
}

export interface Rendered {
  /** Absent where nothing is left of the text without its markup. */
  readonly html?: string;
  readonly text: string;
}

export function render({ text: markdown, maybeRepeated }: Pick<OutboundMessage, "text" | "maybeRepeated">): Rendered {
  const mark = maybeRepeated ? REPEAT_MARK : "";
  const styled = parseMarkdown(markdown);
  if (styled.text.trim() === "") return { text: mark + markdown };
  const withLinks = mark + plain(styled);
  return { html: mark + telegramHtml(styled), text: withLinks.length <= MAX_TEXT ? withLinks : mark + styled.text };
}

/** With its markup, and without it where the server cannot parse that. */
export async function inBoth<T>(
  { html, text }: Rendered,
  call: (text: { text: string; parse_mode?: "HTML" }) => Promise<T>,
): Promise<T> {
  if (html === undefined) return call({ text });
  try {
    return await call({ text: html, parse_mode: "HTML" });
  } catch (error) {
    if (!says(error, /can't parse entities/i)) throw error;
    return call({ text });
  }
}

export function threadOf({ native }: Pick<ReplyRoute, "native">): { message_thread_id?: number } {
  const thread = native?.["messageThreadId"];
  return typeof thread === "number" ? { message_thread_id: thread } : {};
}

export function replyOf({ replyTo }: Pick<ReplyRoute, "replyTo">): Pick<Payload, "reply_parameters"> {
  const id = messageNumber(replyTo);
  return id === undefined ? {} : { reply_parameters: { message_id: id, allow_sending_without_reply: true } };
}
