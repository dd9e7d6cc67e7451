/** Files that go with a message: what may be sent, and what a stored message says of those that came with it. */

/** A file of the owner in this page. */
export interface SentFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  /** `blob:` address of what this page can show or play itself. */
  readonly url?: string;
}

/** The gateway takes pictures of 6 MiB and files of 20 MB; all of a message travel in one frame of 25 MiB. */
export const LIMITS = { picture: 6 * 1024 * 1024, total: 19_000_000, count: 20 } as const;

export type Refusal = "empty" | "large" | "picture" | "many";

/** Why a file cannot go with those that are there; undefined when it can. */
export function refusalOf(file: Pick<SentFile, "mimeType" | "size">, there: readonly SentFile[]): Refusal | undefined {
  if (file.size === 0) return "empty";
  if (there.length >= LIMITS.count) return "many";
  if (file.mimeType.startsWith("image/") && file.size > LIMITS.picture) return "picture";
  const size = there.reduce((sum, one) => sum + one.size, file.size);
  return size > LIMITS.total ? "large" : undefined;
}

/** `820 B`, `12 KB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`;
  return `${Number((bytes / 1_000_000).toFixed(1))} MB`;
}

/** A file that a stored message names. */
export interface NamedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly size: string;
}

const ATTACHED = /^\[media attached: (.+) \(([\w.+-]+\/[\w.+-]+), ([^()]+)\)\]$/;
const OMITTED = /^\[media omitted: (.+)\]$/;

/** The lines with which the gateway names the files of a message stand before its words. */
export function filesIn(text: string): {
  readonly files: readonly NamedFile[];
  /** Why others were left out. */
  readonly omitted: readonly string[];
  readonly text: string;
} {
  const lines = text.split("\n");
  const files: NamedFile[] = [];
  const omitted: string[] = [];
  let at = 0;
  for (const line of lines) {
    const [, place = "", mimeType = "", size = ""] = ATTACHED.exec(line) ?? [];
    const reason = OMITTED.exec(line)?.[1];
    if (place !== "") files.push({ name: nameIn(place, mimeType), mimeType, size });
    else if (reason !== undefined) omitted.push(reason);
    else break;
    at += 1;
  }
  return { files, omitted, text: lines.slice(at).join("\n") };
}

/** A reference without a name is called by its kind. */
function nameIn(place: string, mimeType: string): string {
  return place.startsWith("media://") ? mimeType : (place.split("/").at(-1) ?? place);
}
