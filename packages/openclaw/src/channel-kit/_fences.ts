/** A fenced code block in Markdown source. Offsets in UTF-16 units. */
export interface Fence {
  /** Start of the opening line. */
  readonly start: number;
  /** Start of the first line inside. */
  readonly body: number;
  /** Start of the closing line, or the end of the text when it is never closed. */
  readonly close: number;
  /** End of the closing line, or of the text when it is never closed. */
  readonly end: number;
  /** The opening line. */
  readonly opening: string;
  /** Its indentation and marker: what closes it. */
  readonly marker: string;
}

const OPENING = /^([ \t]*)(`{3,32}|~{3,32})([^\n]*)$/;

/** Fences in order; a fence closes at a line of the same marker, at least as long. */
export function fencesOf(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: { start: number; body: number; opening: string; indent: string; marker: string } | undefined;
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const match = OPENING.exec(text.slice(start, end));
    const [, indent = "", marker = "", info = ""] = match ?? [];
    if (open) {
      if (match && marker.startsWith(open.marker) && info.trim() === "") {
        fences.push({
          start: open.start,
          body: open.body,
          close: start,
          end,
          opening: open.opening,
          marker: open.indent + open.marker,
        });
        open = undefined;
      }
    } else if (match && !(marker.startsWith("`") && info.includes("`"))) {
      open = { start, body: end + 1, opening: text.slice(start, end), indent, marker };
    }
    start = end + 1;
  }
  if (open)
    fences.push({
      start: open.start,
      body: Math.min(open.body, text.length),
      close: text.length,
      end: text.length,
      opening: open.opening,
      marker: open.indent + open.marker,
    });
  return fences;
}
