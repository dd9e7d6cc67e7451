/** What the model is told when several messages become one turn. */
import { onOneLine, shortened } from "../../../base/text.ts";
import type { TurnRow } from "../../../store/index.ts";

const MAX_LINE = 160;
/** Lines of what did not fit; of more only the number is told. */
const MAX_LINES = 50;
/** Pictures of one turn. */
const MAX_IMAGES = 20;

/** The envelope of a message; undefined where it has none. */
export type Header = (row: TurnRow) => string | undefined;

/** `lines`: messages that did not fit, of which the beginning is told; `whole`: those told as they are. Oldest first. */
export function mergedText(lines: readonly TurnRow[], whole: readonly TurnRow[], header: Header): string {
  const parts: string[] = [];
  if (lines.length > 0) parts.push(`${summaryHead(lines.length)}\n${bullets(lines)}`);
  if (whole.length > 1) {
    parts.push(`[${whole.length} messages came in while you were busy, oldest first. Answer all of them.]`);
    parts.push(...whole.map((row, i) => `${["Message", i + 1, header(row)].filter(Boolean).join(" ")}:\n${row.text}`));
  } else parts.push(...whole.map(({ text }) => text));
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Pictures of all of them, in order; of too many the newest. */
export function mergedImages(whole: readonly TurnRow[]): NonNullable<TurnRow["images"]> {
  return whole.flatMap(({ images }) => images ?? []).slice(-MAX_IMAGES);
}

function summaryHead(count: number): string {
  return count === 1
    ? "[One earlier message did not fit into the queue. This is how it began:]"
    : `[${count} earlier messages did not fit into the queue. This is how each began:]`;
}

function bullets(rows: readonly TurnRow[]): string {
  const left = rows.length - MAX_LINES;
  const shown = rows.slice(-MAX_LINES).map((row) => `- ${lineOf(row)}`);
  return [...(left > 0 ? [`- (${left} before these are left out)`] : []), ...shown].join("\n");
}

function lineOf({ text, images = [] }: TurnRow): string {
  const short = shortened(onOneLine(text), MAX_LINE);
  const pictures = images.length === 0 ? "" : images.length === 1 ? "(a picture)" : `(${images.length} pictures)`;
  return [short, pictures].filter(Boolean).join(" ");
}
