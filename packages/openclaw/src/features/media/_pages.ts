/** Pages of a document as they are written: `1-5,7`. */
import { errors } from "./errors.ts";

/** Sorted, each once, at most `most`. Throws `PDF_PAGES` for anything but numbers and ranges from 1 on. */
export function pagesOf(text: string, most: number): readonly number[] {
  const pages = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(part);
    const from = Number(match?.[1] ?? 0);
    const to = Number(match?.[2] ?? from);
    if (from < 1 || to < from) throw errors.PDF_PAGES({ pages: text });
    for (let page = from; page <= to && page < from + most; page += 1) pages.add(page);
  }
  return [...pages].toSorted((a, b) => a - b).slice(0, most);
}
