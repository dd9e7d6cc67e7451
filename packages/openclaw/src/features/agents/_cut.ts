/** Long texts, cut so that beginning and end stay. */
import { cut } from "../../base/text.ts";

/** At most about `max` characters of a file: seven tenths from the beginning, two from the end, and a word about it. */
export function headAndTail(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max <= 0) return `[… left out: the file has ${text.length} characters; read it …]`;
  const head = cut(text, Math.floor(max * 0.7));
  // Half of a character that takes two code units is nothing.
  const tail = text.slice(text.length - Math.floor(max * 0.2)).replace(/^[\udc00-\udfff]/, "");
  return `${head}\n[… cut here: the file has ${text.length} characters; read it for the rest …]\n${tail}`;
}
