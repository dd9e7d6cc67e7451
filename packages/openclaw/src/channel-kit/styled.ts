/**
 * Text with styles, independent of any network: what Markdown means. Dialect writers turn it into
 * what one network understands; networks that take style ranges use the spans as they are.
 */
export type Style =
  | { readonly kind: "bold" | "italic" | "strike" | "spoiler" | "quote" | "code" }
  | { readonly kind: "heading"; readonly level: number }
  /** A code block; `language` is the first word of its info string. */
  | { readonly kind: "pre"; readonly language?: string }
  | { readonly kind: "link"; readonly href: string };

export type Span = Style & {
  /** Offsets in UTF-16 units; `start < end`. */
  readonly start: number;
  readonly end: number;
};

export interface StyledText {
  readonly text: string;
  /** In the order they open, outer before inner; any two are nested or apart, never crossing. */
  readonly spans: readonly Span[];
}

/** One network's way of writing styled text. A new network is a new file in `dialects/`. */
export type Dialect = (styled: StyledText) => string;

/** Builds styled text from nested pieces. */
export class StyledWriter {
  #text = "";
  readonly #spans: { style: Style; start: number; end: number }[] = [];

  get length(): number {
    return this.#text.length;
  }

  write(text: string): void {
    this.#text += text;
  }

  /** Styles whatever `body` writes; nothing written leaves no span. */
  styled(style: Style, body: () => void): void {
    const span = { style, start: this.#text.length, end: 0 };
    const at = this.#spans.push(span) - 1;
    body();
    span.end = this.#text.length;
    if (span.end === span.start) this.#spans.splice(at, 1);
  }

  /** Ends the current line and leaves `newlines - 1` blank ones, unless nothing was written since `from`. */
  separate(from: number, newlines: number): void {
    if (this.#text.length === from) return;
    const have = /\n*$/.exec(this.#text.slice(from))?.[0].length ?? 0;
    if (have < newlines) this.#text += "\n".repeat(newlines - have);
  }

  /** What was written, without white space at its end. */
  finish(): StyledText {
    const text = this.#text.trimEnd();
    const spans = this.#spans
      .map(({ style, start, end }) => ({ ...style, start, end: Math.min(end, text.length) }))
      .filter(({ start, end }) => start < end);
    return { text, spans };
  }
}
