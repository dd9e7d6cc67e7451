/** Texts of files that are read on every turn: read again only when the file changed. Bounded. */
import { errorText } from "../../base/errors.ts";
import { infoNow } from "../../base/files.ts";
import { readWithin } from "../../base/open.ts";

const MAX_FILES = 256;

interface Known {
  readonly mtimeMs: number;
  readonly size: number;
  readonly found: Found;
}

/** The text of a file, or why it could not be read; `fresh` when that was found out just now. */
export type Found = { readonly text: string } | { readonly problem: string };

export class FileCache {
  readonly #known = new Map<string, Known>();
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Undefined when there is no file. A link that leads out of `root`, and a file that is too large, is a problem. */
  async read(root: string, path: string): Promise<(Found & { readonly fresh: boolean }) | undefined> {
    const now = infoNow(path);
    if (!now?.isFile) {
      this.#known.delete(path);
      return undefined;
    }
    const known = this.#known.get(path);
    if (known?.mtimeMs === now.mtimeMs && known.size === now.size) return { ...known.found, fresh: false };
    const found = await this.#open(root, path);
    this.#known.delete(path);
    this.#known.set(path, { mtimeMs: now.mtimeMs, size: now.size, found });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_FILES) break;
      this.#known.delete(oldest);
    }
    return { ...found, fresh: true };
  }

  async #open(root: string, path: string): Promise<Found> {
    try {
      return { text: (await readWithin({ root, path, maxBytes: this.#maxBytes })).toString("utf8") };
    } catch (error) {
      return { problem: errorText(error) };
    }
  }
}
