/** A text as it is read aloud: without marks, code, addresses and pictures. */

/** Shorter texts are not worth a sound. */
export const SHORTEST = 10;

export function speakable(markdown: string): string {
  return markdown
    .replace(/^[ \t]*(`{3,}|~{3,})[\s\S]*?(?:^[ \t]*\1[ \t]*$|(?![\s\S]))/gm, "")
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/<?https?:\/\/[^\s>]+>?/g, "")
    .replace(/^[ \t]*MEDIA:.*$/gm, "")
    .replace(/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, "")
    .replace(/^[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*:?-*:?[ \t]*$/gm, "")
    .replace(/^[ \t]*(?:#{1,6}|>+|[-*+])[ \t]+/gm, "")
    .replace(/`([^`\n]*)`/g, "$1")
    .replace(/(\*\*|__|~~)(?=\S)([\s\S]*?\S)\1/g, "$2")
    .replace(/(?<![\w*])[*_](?=\S)([^*_\n]*\S)[*_](?![\w*])/g, "$1")
    .replace(/[ \t]*\|[ \t]*/g, ", ")
    .split("\n")
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .map((line) =>
      line
        .replace(/[\p{Extended_Pictographic}\u{fe0f}\u{200d}]/gu, "")
        .replace(/[ \t]{2,}/g, " ")
        .trim(),
    )
    .join("\n")
    .replace(/^[,\s]+|[,\s]+$/gm, "")
    .trim();
}

/** At most `max` characters, cut where a sentence ends if that keeps half of it. */
export function cutAtSentence(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, max);
  const end = Math.max(...[". ", "! ", "? ", "。", ".\n", "!\n", "?\n"].map((mark) => head.lastIndexOf(mark)));
  const cut = end >= max / 2 ? head.slice(0, end + 1) : head.slice(0, Math.max(head.lastIndexOf(" "), max / 2));
  return cut.replace(/[\ud800-\udbff]$/, "").trim();
}
