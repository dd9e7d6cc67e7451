/**
 * Files of our own that only grow, line by line: opened for one piece of work, closed after it.
 * Paths are the program's own, as in `files.ts`.
 *
 * Opening, adding and closing touch memory of the system only and take microseconds: they are done at once, as a
 * trip to another thread and back costs twenty times as much. What may wait for the disk is left to other threads.
 */
import { closeSync, constants, fdatasync, fstatSync, ftruncateSync, openSync, read, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { systemCode } from "./errors.ts";
import { PRIVATE_FILE, ensureDir, syncDir } from "./files.ts";

export interface GrowingFile {
  /** Bytes in the file when it was opened, or after the last change made through this object. */
  readonly size: number;
  /** The file did not exist before. */
  readonly created: boolean;
  /**
   * Adds to the end in one write. With `durable` it is on disk when the promise resolves. When that
   * fails (disk full), the file is cut back to what it was and the error passed on.
   */
  append(data: Buffer, options: { readonly durable: boolean }): Promise<void>;
  /** Cuts the file to its first `size` bytes. */
  truncate(size: number): Promise<void>;
  /** Bytes `from` up to, not including, `to`. */
  read(from: number, to: number): Promise<Buffer>;
  close(): Promise<void>;
}

export type OpenGrowing = (path: string, mode: "read" | "append") => Promise<GrowingFile | undefined>;

const READ = constants.O_RDONLY;
const APPEND = constants.O_RDWR | constants.O_APPEND;

const datasync = promisify(fdatasync);
const readInto = promisify(read);

/** Opens a file; `append` makes it and its folder. Undefined when there is nothing to read. */
export const openGrowing: OpenGrowing = async (path, mode) => {
  const existing = openIf(path, mode === "read" ? READ : APPEND);
  if (existing !== undefined) return new Growing(existing, path, false);
  if (mode === "read") return undefined;
  await ensureDir(dirname(path));
  return new Growing(openSync(path, APPEND | constants.O_CREAT, PRIVATE_FILE), path, true);
};

function openIf(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

class Growing implements GrowingFile {
  readonly created: boolean;
  readonly #file: number;
  readonly #path: string;
  #size: number;

  constructor(file: number, path: string, created: boolean) {
    this.#file = file;
    this.#path = path;
    this.#size = fstatSync(file).size;
    this.created = created;
  }

  get size(): number {
    return this.#size;
  }

  async append(data: Buffer, { durable }: { readonly durable: boolean }): Promise<void> {
    try {
      for (let written = 0; written < data.length;) written += writeSync(this.#file, data, written);
      if (durable) await datasync(this.#file);
      if (durable && this.created) await syncDir(dirname(this.#path));
    } catch (error) {
      this.#cutBack();
      throw error;
    }
    this.#size += data.length;
  }

  async truncate(size: number): Promise<void> {
    ftruncateSync(this.#file, size);
    this.#size = size;
  }

  async read(from: number, to: number): Promise<Buffer> {
    const data = Buffer.allocUnsafe(to - from);
    let filled = 0;
    while (filled < data.length) {
      const { bytesRead } = await readInto(this.#file, data, filled, data.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return data.subarray(0, filled);
  }

  async close(): Promise<void> {
    closeSync(this.#file);
  }

  #cutBack(): void {
    try {
      ftruncateSync(this.#file, this.#size);
    } catch {
      // What stands there is found as a torn line by whoever appends next.
    }
  }
}
