/** Markdown (CommonMark with GitHub's tables, strikethrough and bare links; `||spoiler||`) → styled text. */
import { Marked, type Token, type Tokens } from "marked";
import { tableText, type TableMode } from "./_table.ts";
import { StyledWriter, type StyledText } from "./styled.ts";

export interface MarkdownOptions {
  /** How tables are shown: aligned code, a list per row, or as they were written. */
  readonly tables?: TableMode;
  /** Whether a link target can be a link on this network; others are written out after the label. */
  readonly linkable?: (href: string) => boolean;
}

const marked = /* @__PURE__ */ new Marked({
  gfm: true,
  extensions: [
    {
      name: "spoiler",
      level: "inline",
      start: (source) => source.indexOf("||"),
      tokenizer(source) {
        const match = /^\|\|(?=\S)([^\n|]*\S)\|\|/.exec(source);
        if (!match) return undefined;
        return { type: "spoiler", raw: match[0], text: match[1], tokens: this.lexer.inlineTokens(match[1] ?? "") };
      },
    },
  ],
});

/** Never throws: what cannot be parsed (nesting without end) is taken as plain text. */
export function parseMarkdown(markdown: string, options: MarkdownOptions = {}): StyledText {
  const reader = new Reader(options);
  try {
    reader.blocks(marked.lexer(markdown), 0, 2);
    return reader.out.finish();
  } catch {
    return { text: markdown.trimEnd(), spans: [] };
  }
}

const LINKABLE = /^(?:https?:\/\/|mailto:|tel:|tg:)\S+$/i;

class Reader {
  readonly out = new StyledWriter();
  readonly #linkable: (href: string) => boolean;
  readonly #tables: TableMode;

  constructor(options: MarkdownOptions) {
    this.#linkable = options.linkable ?? ((href) => LINKABLE.test(href));
    this.#tables = options.tables ?? "code";
  }

  blocks(tokens: readonly Token[], depth: number, gap: number): void {
    const from = this.out.length;
    let afterCheckbox = false;
    for (const token of tokens) {
      if (token.type === "space" || token.type === "def" || token.type === "hr") continue;
      if (!afterCheckbox) this.out.separate(from, gap);
      this.#block(token, depth);
      afterCheckbox = token.type === "checkbox";
    }
  }

  #block(token: Token, depth: number): void {
    const { out } = this;
    switch (token.type) {
      case "heading":
        return out.styled({ kind: "heading", level: (token as Tokens.Heading).depth }, () =>
          this.#inline(children(token)),
        );
      case "code": {
        const language = /^\S+/.exec((token as Tokens.Code).lang ?? "")?.[0];
        return out.styled({ kind: "pre", ...(language === undefined ? {} : { language }) }, () =>
          out.write((token as Tokens.Code).text),
        );
      }
      case "blockquote":
        return out.styled({ kind: "quote" }, () => this.blocks(children(token), depth, 2));
      case "list":
        return this.#list(token as Tokens.List, depth);
      case "table":
        return this.#table(token as Tokens.Table);
      case "checkbox":
        return this.#span(token);
      case "html":
        return this.#html((token as Tokens.HTML).raw.trimEnd());
      default:
        return this.#text(token);
    }
  }

  #list(list: Tokens.List, depth: number): void {
    const from = this.out.length;
    let number = typeof list.start === "number" ? list.start : 1;
    for (const item of list.items) {
      this.out.separate(from, list.loose ? 2 : 1);
      this.out.write(`${"  ".repeat(depth)}${list.ordered ? `${number}. ` : "• "}`);
      number += 1;
      this.blocks(item.tokens, depth + 1, list.loose ? 2 : 1);
    }
  }

  #table(table: Tokens.Table): void {
    const { text, code } = tableText(table, this.#tables, (cell) => {
      const reader = new Reader({ linkable: () => false });
      reader.#inline(cell.tokens);
      return reader.out.finish().text;
    });
    if (code) this.out.styled({ kind: "pre" }, () => this.out.write(text));
    else this.out.write(text);
  }

  /** HTML is shown as it was written; only folds (`<details>`) become a bold line and their content. */
  #html(raw: string): void {
    const parts = raw
      .replace(/<\/?details[^<>]*>\n?/gi, "")
      .split(/<summary[^<>]*>((?:(?!<summary)[^])*?)<\/summary>/i);
    parts.forEach((part, index) => {
      if (index % 2 === 1) this.out.styled({ kind: "bold" }, () => this.out.write(part.trim()));
      else this.out.write(part);
    });
  }

  #inline(tokens: readonly Token[]): void {
    for (const token of tokens) this.#span(token);
  }

  #span(token: Token): void {
    const { out } = this;
    const inside = () => this.#inline(children(token));
    switch (token.type) {
      case "strong":
        return out.styled({ kind: "bold" }, inside);
      case "em":
        return out.styled({ kind: "italic" }, inside);
      case "del":
        return out.styled({ kind: "strike" }, inside);
      case "spoiler":
        return out.styled({ kind: "spoiler" }, inside);
      case "codespan":
        return out.styled({ kind: "code" }, () => out.write((token as Tokens.Codespan).text));
      case "br":
        return out.write("\n");
      case "checkbox":
        return out.write((token as Tokens.Checkbox).checked ? "☑ " : "☐ ");
      case "link":
        return this.#link(token as Tokens.Link, inside);
      case "image":
        return this.#link(token as Tokens.Image, () =>
          out.write(decodeEntities((token as Tokens.Image).text) || (token as Tokens.Image).href),
        );
      case "html":
        return out.write(/^<br\s*\/?>$/i.test(token.raw.trim()) ? "\n" : token.raw);
      case "escape":
        return out.write((token as Tokens.Escape).text);
      default:
        return this.#text(token);
    }
  }

  #text(token: Token): void {
    const inner = children(token);
    if (inner.length > 0) this.#inline(inner);
    else this.out.write(decodeEntities("text" in token ? String(token.text) : token.raw));
  }

  #link({ href, text }: { readonly href: string; readonly text: string }, label: () => void): void {
    if (this.#linkable(href)) return this.out.styled({ kind: "link", href }, label);
    label();
    if (href !== "" && href !== text) this.out.write(` (${href})`);
  }
}

function children(token: Token): readonly Token[] {
  return "tokens" in token && Array.isArray(token.tokens) ? token.tokens : [];
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  hellip: "…",
  mdash: "—",
  ndash: "–",
};

/** Character references that Markdown writers use; anything else stays as it is. */
function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      return valid ? String.fromCodePoint(code) : whole;
    },
  );
}
