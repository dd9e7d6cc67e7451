/** Markdown as Telegram's HTML, and as plain text for when that is refused. */
import { parseMarkdown, plain, telegramHtml } from "openclaw/channel-kit";
import type { OutboundMessage } from "openclaw/sdk";
import { REPEAT_MARK } from "./_texts.ts";

const MAX_TEXT = 4096;

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
