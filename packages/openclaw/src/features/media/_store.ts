/**
 * Files that came in: `<state>/media/inbound/<uuid>.<ext>`, each with a note of what it is beside it
 * (`<uuid>.meta`). An id is a UUID and nothing else, so no reference leads out of the folder. The note is written last:
 * what a death left half done is not there, and is swept with the rest.
 */
import { join } from "node:path";
import {
  ensureDir,
  info,
  list,
  move,
  readBytes,
  readRange,
  readText,
  remove,
  writeDurable,
  writeStream,
} from "../../base/files.ts";
import { extensionOf, mimeOf } from "../../base/file-type.ts";
import { compact } from "../../base/text.ts";
import { sizeText } from "./_size.ts";
import { errors } from "./errors.ts";

export type MediaKind = "image" | "audio" | "video" | "document";

export interface StoredMedia {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  readonly kind: MediaKind;
  readonly mimeType: string;
  /** As its sender called it; never a path of this machine. */
  readonly fileName?: string;
  readonly bytes: number;
  /** When it was stored, Unix epoch milliseconds. */
  readonly at: number;
  readonly isVoice?: boolean;
  readonly durationMs?: number;
  /** Where it came in: others than the owner may look at it there alone. */
  readonly sessionKey?: string;
}

export interface Incoming {
  /** UUID; the same for the same file of the same message, so that it is fetched once. */
  readonly id: string;
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly maxBytes: number;
  readonly at: number;
  /** What its server says that it is. */
  readonly told?: string;
  readonly fileName?: string;
  /** What its sender's app says that it is. A page of text in place of a picture is a failed download. */
  readonly expected?: MediaKind;
  readonly isVoice?: boolean;
  readonly durationMs?: number;
  readonly sessionKey?: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const REF = /^media:\/\/inbound\/([0-9a-f-]{36})(?:\.[a-z0-9]{1,8})?$/;
const MAX_META_BYTES = 4 * 1024 * 1024;
const HEAD_BYTES = 4096;
const DAY_MS = 86_400_000;
const KEPT_MS = 7 * DAY_MS;
const KEPT_BYTES = 2 * 1024 ** 3;
/** What is being written is younger than this. */
const PART_MS = 3_600_000;

interface Note extends Omit<StoredMedia, "path"> {
  readonly ext: string;
  /** What was understood of it, by capability and settings. */
  readonly understood?: Readonly<Record<string, unknown>>;
}

export class MediaFiles {
  readonly #folder: string;

  constructor(state: string) {
    this.#folder = join(state, "media", "inbound");
  }

  /** Throws `INBOUND_TOO_LARGE` or `INBOUND_NO_MEDIA`. */
  async keep(incoming: Incoming): Promise<StoredMedia> {
    const { id, body, maxBytes, at, told, fileName = "", expected, ...about } = incoming;
    const { isVoice, durationMs, sessionKey } = about;
    if (!UUID.test(id)) throw errors.MEDIA_UNKNOWN({ ref: id });
    await ensureDir(this.#folder);
    const part = join(this.#folder, `${id}.part`);
    const tooLarge = (size: number) => errors.INBOUND_TOO_LARGE({ size: sizeText(size), limit: sizeText(maxBytes) });
    const bytes = await writeStream(part, body, { maxBytes, tooLarge });
    const head = (await readRange(part, 0, HEAD_BYTES))?.data ?? Buffer.alloc(0);
    const mimeType = mimeOf(head, fileName, told);
    if (bytes === 0 || (mimeType === "text/html" && expected !== undefined && expected !== "document")) {
      await remove(part);
      throw errors.INBOUND_NO_MEDIA({ reason: bytes === 0 ? "it is empty" : "its server sent a web page instead" });
    }
    const ext = extensionOf(mimeType);
    const kind = kindOf(mimeType);
    await move(part, join(this.#folder, `${id}.${ext}`));
    const note: Note = {
      id,
      kind,
      mimeType,
      bytes,
      at,
      ext,
      ...compact({ isVoice, durationMs, sessionKey }),
      ...(fileName === "" ? {} : { fileName }),
    };
    await this.#write(note);
    return this.#stored(note);
  }

  async find(id: string): Promise<StoredMedia | undefined> {
    const note = await this.#note(id);
    return note && this.#stored(note);
  }

  /** The id that a reference names; undefined for what is none. */
  idOf(ref: string): string | undefined {
    return REF.exec(ref)?.[1];
  }

  /** Throws `MEDIA_UNKNOWN` when it is gone. */
  async read(id: string, maxBytes: number): Promise<Buffer> {
    const found = await this.find(id);
    const data = found && (await readBytes(found.path, maxBytes));
    if (!data) throw errors.MEDIA_UNKNOWN({ ref: `media://inbound/${id}` });
    return data;
  }

  /** What was understood of it earlier. */
  async understood(id: string, key: string): Promise<unknown> {
    return (await this.#note(id))?.understood?.[key];
  }

  async remember(id: string, key: string, value: unknown): Promise<void> {
    const note = await this.#note(id);
    if (note) await this.#write({ ...note, understood: { ...note.understood, [key]: value } });
  }

  /** Removes what is older than a week, then the oldest until two gigabytes are left. Answers how many. */
  async sweep(now: number): Promise<number> {
    const names = await list(this.#folder);
    const notes = names.filter((name) => name.endsWith(".meta")).map((name) => name.slice(0, -".meta".length));
    const known = (await Promise.all(notes.map((id) => this.#note(id)))).filter((note) => note !== undefined);
    let total = known.reduce((sum, { bytes }) => sum + bytes, 0);
    let removed = 0;
    for (const note of known.toSorted((a, b) => a.at - b.at)) {
      if (note.at > now - KEPT_MS && total <= KEPT_BYTES) break;
      total -= note.bytes;
      removed += 1;
      await remove(join(this.#folder, `${note.id}.meta`));
      await remove(this.#stored(note).path);
    }
    const kept = new Set(known.map(({ id }) => id));
    for (const name of names) {
      const path = join(this.#folder, name);
      const age = now - ((await info(path))?.mtimeMs ?? now);
      if (!kept.has(name.slice(0, 36)) && age > PART_MS) await remove(path);
    }
    return removed;
  }

  #stored({ ext, understood: _, ...note }: Note): StoredMedia {
    return { ...note, path: join(this.#folder, `${note.id}.${ext}`) };
  }

  async #note(id: string): Promise<Note | undefined> {
    if (!UUID.test(id)) return undefined;
    try {
      const text = await readText(join(this.#folder, `${id}.meta`), MAX_META_BYTES);
      return text === undefined ? undefined : (JSON.parse(text) as Note);
    } catch {
      return undefined; // A broken note is none: the file is fetched again.
    }
  }

  #write(note: Note): Promise<void> {
    return writeDurable(join(this.#folder, `${note.id}.meta`), JSON.stringify(note));
  }
}

/** By what it is, not by how apps show it: a GIF is a picture here. */
export function kindOf(mimeType: string): MediaKind {
  if (/^image\/(?!svg)/.test(mimeType)) return "image";
  if (mimeType.startsWith("audio/")) return "audio";
  return mimeType.startsWith("video/") ? "video" : "document";
}
