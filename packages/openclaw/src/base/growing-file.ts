/**
 * Files of our own that only grow, line by line: opened for one piece of work, closed after it.
 * Paths are the program's own, as in `files.ts`.
 */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
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

/** Opens a file; `append` makes it and its folder. Undefined when there is nothing to read. */
export const openGrowing: OpenGrowing = async (path, mode) => {
  const existing = await openIf(path, mode === "read" ? READ : APPEND);
  if (existing) return new Growing(existing, path, (await existing.stat()).size, false);
  if (mode === "read") return undefined;
  await ensureDir(dirname(path));
  return new Growing(await open(path, APPEND | constants.O_CREAT, PRIVATE_FILE), path, 0, true);
};

async function openIf(path: string, flags: number): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

class Growing implements GrowingFile {
  readonly created: boolean;
  readonly #handle: FileHandle;
  readonly #path: string;
  #size: number;

  constructor(handle: FileHandle, path: string, size: number, created: boolean) {
    this.#handle = handle;
    this.#path = path;
    this.#size = size;
    this.created = created;
  }

  get size(): number {
    return this.#size;
  }

  async append(data: Buffer, { durable }: { readonly durable: boolean }): Promise<void> {
    try {
      for (let written = 0; written < data.length;) {
        written += (await this.#handle.write(data, written, data.length - written)).bytesWritten;
      }
      if (durable) await this.#handle.datasync();
      if (durable && this.created) await syncDir(dirname(this.#path));
    } catch (error) {
      await this.#handle.truncate(this.#size).catch(() => {});
      throw error;
    }
    this.#size += data.length;
  }

  async truncate(size: number): Promise<void> {
    await this.#handle.truncate(size);
    this.#size = size;
  }

  async read(from: number, to: number): Promise<Buffer> {
    const data = Buffer.allocUnsafe(to - from);
    let filled = 0;
    while (filled < data.length) {
      const { bytesRead } = await this.#handle.read(data, filled, data.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return data.subarray(0, filled);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
