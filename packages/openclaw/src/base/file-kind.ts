/** What a file is, by its first bytes. */

const MAGIC: readonly (readonly [mimeType: string, ...parts: (readonly [offset: number, bytes: string])[]])[] = [
  ["image/png", [0, "\x89PNG\r\n\x1a\n"]],
  ["image/jpeg", [0, "\xff\xd8\xff"]],
  ["image/gif", [0, "GIF8"]],
  ["image/webp", [0, "RIFF"], [8, "WEBP"]],
];

/** MIME type of a picture that models take; undefined for anything else. */
export function imageType(start: Buffer): string | undefined {
  const fits = ([offset, bytes]: readonly [number, string]) =>
    start.toString("latin1", offset, offset + bytes.length) === bytes;
  return MAGIC.find(([, ...parts]) => parts.every(fits))?.[0];
}

/** Text never contains zero bytes. */
export function isBinary(start: Buffer): boolean {
  return start.includes(0);
}
