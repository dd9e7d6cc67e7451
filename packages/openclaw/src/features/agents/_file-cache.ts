/** Texts of files that are read on every turn: read again only when the file changed. Bounded. */
import { info, readText } from "../../base/files.ts";

const MAX_FILES = 256;

interface Known {
  readonly mtimeMs: number;
  readonly size: number;
  readonly text: string;
}

export class FileCache {
  readonly #known = new Map<string, Known>();
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The text, and whether it was read just now; undefined when there is no file. Rejects when it is too large. */
  async read(path: string): Promise<{ readonly text: string; readonly fresh: boolean } | undefined> {
    const now = await info(path);
    if (!now?.isFile) {
      this.#known.delete(path);
      return undefined;
    }
    const known = this.#known.get(path);
    if (known?.mtimeMs === now.mtimeMs && known.size === now.size) return { text: known.text, fresh: false };
    const text = await readText(path, this.#maxBytes);
    if (text === undefined) return undefined;
    this.#known.delete(path);
    this.#known.set(path, { mtimeMs: now.mtimeMs, size: now.size, text });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_FILES) break;
      this.#known.delete(oldest);
    }
    return { text, fresh: true };
  }
}
