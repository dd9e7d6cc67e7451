/** Telegram's HTML (Bot API, "Formatting options"): a fixed set of tags, `& < >` escaped everywhere else. */
import { emit } from "../_emit.ts";
import type { Dialect, Span } from "../styled.ts";

const TAGS = {
  bold: "b",
  heading: "b",
  italic: "i",
  strike: "s",
  spoiler: "tg-spoiler",
  quote: "blockquote",
  code: "code",
} as const;

export const telegramHtml: Dialect = (styled) => emit(styled, { escape: escapeHtml, mark });

function mark(span: Span, around: readonly Span[]): { open: string; close: string } | undefined {
  if (around.some(({ kind }) => kind === "code" || kind === "pre" || (kind === "link" && span.kind === "link")))
    return undefined;
  if (span.kind === "link") return { open: `<a href="${escapeHtml(span.href)}">`, close: "</a>" };
  if (span.kind === "pre") {
    const language = /^[\w+#.-]{1,64}$/.test(span.language ?? "") ? span.language : undefined;
    return language === undefined
      ? { open: "<pre>", close: "</pre>" }
      : { open: `<pre><code class="language-${language}">`, close: "</code></pre>" };
  }
  const tag = TAGS[span.kind];
  const repeated = around.some((outer) => outer.kind !== "link" && outer.kind !== "pre" && TAGS[outer.kind] === tag);
  return repeated ? undefined : { open: `<${tag}>`, close: `</${tag}>` };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : c === ">" ? "&gt;" : "&quot;"));
}
