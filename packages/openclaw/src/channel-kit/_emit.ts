import type { Span, StyledText } from "./styled.ts";

export interface Marks {
  /** What opens and closes a span; undefined = this dialect has no mark for it here. `around` is outermost first. */
  readonly mark: (span: Span, around: readonly Span[]) => { readonly open: string; readonly close: string } | undefined;
  /** Plain text in this dialect. */
  readonly escape: (text: string) => string;
}

/** Writes styled text with marks that open and close in strict nesting. */
export function emit({ text, spans }: StyledText, { mark, escape }: Marks): string {
  let out = "";
  let at = 0;
  const open: { span: Span; close: string }[] = [];
  const to = (position: number) => {
    out += escape(text.slice(at, position));
    at = position;
  };
  const closeUntil = (position: number) => {
    for (let last = open.at(-1); last !== undefined && last.span.end <= position; last = open.at(-1)) {
      to(last.span.end);
      out += last.close;
      open.pop();
    }
  };
  for (const span of spans) {
    closeUntil(span.start);
    to(span.start);
    const marks = mark(
      span,
      open.map((entry) => entry.span),
    );
    out += marks?.open ?? "";
    open.push({ span, close: marks?.close ?? "" });
  }
  closeUntil(text.length);
  to(text.length);
  return out;
}
