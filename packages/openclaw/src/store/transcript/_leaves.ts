/** Where the next entry of each file goes: as remembered when nobody else has changed the file, else read from it. */
import type { GrowingFile } from "../../base/growing-file.ts";
import type { Log } from "../../base/log.ts";
import { lastEntryId, leafAfter, repairEnd } from "./_end.ts";

/** Files whose end is remembered, so that an append need not read. */
const REMEMBERED = 512;

/** The end of a file: its last entry and its length in bytes. */
export interface Leaf {
  readonly leaf: string | null;
  readonly size: number;
}

export class Leaves {
  readonly #log: Log;
  readonly #stamp: () => string;
  readonly #known = new Map<string, Leaf>();

  /** `stamp` is the moment as a part of file names. */
  constructor(log: Log, stamp: () => string) {
    this.#log = log;
    this.#stamp = stamp;
  }

  /** A line that was cut off, by a crash or by whoever else wrote, is put aside first. */
  async find(file: string, opened: GrowingFile): Promise<Leaf> {
    const known = this.#known.get(file);
    if (known?.size === opened.size) return known;
    const torn = await repairEnd(opened, file, this.#stamp());
    if (torn !== undefined) this.#log.warn("an unfinished line of a transcript was put aside", { file, torn });
    if (known === undefined || known.size > opened.size) return { leaf: await lastEntryId(opened), size: opened.size };
    if (known.size < opened.size)
      this.#log.warn("somebody else wrote to a transcript", { file, bytes: opened.size - known.size });
    return { leaf: await leafAfter(opened, known.size, known.leaf), size: opened.size };
  }

  remember(file: string, leaf: Leaf): void {
    this.#known.delete(file);
    this.#known.set(file, leaf);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value ?? "");
  }

  forget(file: string): void {
    this.#known.delete(file);
  }
}
