/** Markdown to safe HTML. Raw HTML in a text is shown as text; only the renderer below makes elements. */
import DOMPurify from "dompurify";
import { Marked } from "marked";
import type { Tokens } from "marked";
import { t } from "../i18n/index.ts";

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escape(text),
    code: ({ text, lang }: Tokens.Code) => codeBlock(text, lang),
    link({ href, tokens }: Tokens.Link) {
      const inner = this.parser.parseInline(tokens);
      return isSafeLink(href)
        ? `<a href="${escape(href)}" target="_blank" rel="noopener noreferrer">${inner}</a>`
        : inner;
    },
    // Pictures of other servers would tell them who reads: they become links.
    image: ({ href, text }: Tokens.Image) =>
      href.startsWith("data:image/")
        ? `<img src="${escape(href)}" alt="${escape(text)}">`
        : `<a href="${escape(href)}" target="_blank" rel="noopener noreferrer">${escape(text === "" ? t("message.image") : text)}</a>`,
    table(token: Tokens.Table) {
      const cell = (of: Tokens.TableCell, tag: string) =>
        `<${tag}${of.align === null ? "" : ` align="${of.align}"`}>${this.parser.parseInline(of.tokens)}</${tag}>`;
      const head = token.header.map((of) => cell(of, "th")).join("");
      const body = token.rows.map((row) => `<tr>${row.map((of) => cell(of, "td")).join("")}</tr>`).join("");
      return `<div class="table" tabindex="0" role="group"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
    },
  },
});

/** HTML of one block. */
export function toHtml(markdown: string): string {
  const html = marked.parse(markdown, { async: false });
  return DOMPurify.sanitize(html, { ADD_ATTR: ["target"], FORBID_TAGS: ["style", "form"], FORBID_ATTR: ["style"] });
}

function codeBlock(text: string, lang: string | undefined): string {
  const name = lang?.match(/^[\w+#.-]+/)?.[0] ?? "";
  const copy = `<button type="button" class="code-copy" data-copy>${escape(t("code.copy"))}</button>`;
  return `<div class="code"><div class="code-head"><span>${escape(name)}</span>${copy}</div><pre tabindex="0"><code>${escape(text)}</code></pre></div>`;
}

function isSafeLink(href: string): boolean {
  return /^(https?:|mailto:|#|\/)/i.test(href);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
