/** Files that wait in the message box, for each conversation, and those that this page has sent. They go with the page. */
import { batch, computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { base64Of, smallerPicture } from "../lib/file-bytes.ts";
import { newId } from "../lib/ids.ts";
import { LIMITS, refusalOf } from "../model/files.ts";
import type { Refusal, SentFile } from "../model/files.ts";

export interface Refused {
  readonly name: string;
  readonly reason: Refusal;
}

/** As `chat.send` takes it. */
export interface Upload {
  readonly type: "image" | "file";
  readonly mimeType: string;
  readonly fileName: string;
  readonly content: string;
}

export interface AttachmentsStore {
  /** Of the open conversation. */
  readonly files: ReadonlySignal<readonly SentFile[]>;
  readonly refused: ReadonlySignal<readonly Refused[]>;
  add(files: Iterable<File>): Promise<void>;
  remove(id: string): void;
  /** Empties the box. */
  take(): readonly SentFile[];
  /** The files of a message as they are sent. Rejects when one can no longer be read. */
  uploads(key: string, files: readonly SentFile[]): Promise<readonly Upload[]>;
  /** What was sent with a message of this page, by its key. */
  sentWith(key: string): readonly SentFile[];
}

/** Pictures that every browser shows; what else there is stands as a chip. */
const SHOWN = /^(?:image\/(?:png|jpeg|gif|webp|avif)|audio\/)/;

export function createAttachments(key: ReadonlySignal<string>): AttachmentsStore {
  const all = signal<ReadonlyMap<string, readonly SentFile[]>>(new Map());
  const refused = signal<{ readonly key: string; readonly list: readonly Refused[] }>({ key: "", list: [] });
  const blobs = new Map<string, Blob>();
  const sent = new Map<string, readonly SentFile[]>();
  const files = computed(() => all.value.get(key.value) ?? []);

  function put(place: string, list: readonly SentFile[]): void {
    all.value = new Map(all.value).set(place, list);
  }

  async function made(given: File): Promise<SentFile> {
    const large = given.size > LIMITS.picture && /^image\/(?:png|jpeg|webp)$/.test(given.type);
    const blob = large ? await smallerPicture(given) : given;
    const id = newId();
    const mimeType = blob.type || "application/octet-stream";
    const url = SHOWN.test(mimeType) ? { url: URL.createObjectURL(blob) } : {};
    blobs.set(id, blob);
    const name = given.name || (mimeType.startsWith("image/") ? "picture" : "file");
    return { id, name, mimeType, size: blob.size, ...url };
  }

  function drop({ id, url }: SentFile): void {
    blobs.delete(id);
    if (url !== undefined) URL.revokeObjectURL(url);
  }

  return {
    files,
    refused: computed(() => (refused.value.key === key.value ? refused.value.list : [])),
    add: async (given) => {
      const place = key.value;
      const news = await Promise.all([...given].map(made));
      const list = [...(all.value.get(place) ?? [])];
      const reasons = news.flatMap((file): Refused[] => {
        const reason = refusalOf(file, list);
        if (reason === undefined) list.push(file);
        else drop(file);
        return reason === undefined ? [] : [{ name: file.name, reason }];
      });
      batch(() => {
        put(place, list);
        refused.value = { key: place, list: reasons };
      });
    },
    remove: (id) => {
      const found = files.value.find((file) => file.id === id);
      if (found !== undefined) drop(found);
      put(
        key.value,
        files.value.filter((file) => file.id !== id),
      );
      refused.value = { key: "", list: [] };
    },
    take: () => {
      const taken = files.value;
      put(key.value, []);
      refused.value = { key: "", list: [] };
      return taken;
    },
    uploads: (of, list) => {
      sent.set(of, list);
      return Promise.all(
        list.map(async ({ id, name, mimeType }) => ({
          type: mimeType.startsWith("image/") ? ("image" as const) : ("file" as const),
          mimeType,
          fileName: name,
          content: await base64Of(blobs.get(id) ?? new Blob()),
        })),
      );
    },
    sentWith: (of) => sent.get(of) ?? [],
  };
}
