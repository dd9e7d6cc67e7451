/** What a conversation is called after its first message. */
import { firstLine, shortened } from "../../../base/text.ts";

const LENGTH = 80;
/** The lines with which files of a message are named stand before its words. */
const NOTES = /^(?:\[media (?:attached|omitted): [^\n]*\](?:\n|$))+/;
const NAME = /^\[media attached: (?:[^\n]*\/)?([^\n/]+) \([^()\n]+\)\]/m;

/** Its first words; the name of its first file where there are none; undefined where nothing says anything. */
export function titleFrom(text: string): string | undefined {
  const words = firstLine(text.replace(NOTES, ""));
  const file = text.includes("[media attached: media://") ? undefined : NAME.exec(text)?.[1];
  return shortened(words === "" ? (file ?? "") : words, LENGTH) || undefined;
}
