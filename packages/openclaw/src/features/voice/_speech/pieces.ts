/** A text in pieces that a service takes. Pure. */

/**
 * At most `max` bytes of UTF-8 each, cut at the end of a sentence, else between words, else between characters. What
 * markup adds to a character (`&amp;`) counts.
 */
export function piecesWithin(text: string, max: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const word of text.match(/\s*\S+/g) ?? []) {
    if (bytes(piece + word) <= max) {
      const isEnd = bytes(piece) > max / 2 && /[.!?。！？]["')\]]?$/.test(piece);
      if (!isEnd) {
        piece += word;
        continue;
      }
    }
    if (piece !== "") pieces.push(piece);
    piece = "";
    for (const character of word.trimStart()) {
      if (bytes(piece + character) > max) {
        pieces.push(piece);
        piece = "";
      }
      piece += character;
    }
  }
  return [...pieces, ...(piece === "" ? [] : [piece])].map((one) => one.trim()).filter((one) => one !== "");
}

function bytes(text: string): number {
  return Buffer.byteLength(text) + (text.match(/[&<>"']/g)?.length ?? 0) * 5;
}
