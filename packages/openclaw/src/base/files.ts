/**
 * Files at paths that this program chose itself (state directory, its own assets). Paths that come
 * from a model, a message or the network go through `open.ts` instead.
 */
import { constants, statSync, watch } from "node:fs";
import type { Stats } from "node:fs";
import { access, chmod, copyFile, link, mkdir, open, readdir, rename, rm, rmdir, stat, statfs } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemCode } from "./errors.ts";
import { systemRandom } from "./ids.ts";

export const PRIVATE_FILE = 0o600;
export const PRIVATE_DIR = 0o700;

/**
 * Makes a folder and its parents, owner only. One step at a time: the recursive `mkdir` of Node never
 * returns where a folder cannot be made for want of a file system behind it (`/proc/x/y`).
 */
export async function ensureDir(path: string): Promise<void> {
  const error = await makeDir(path);
  if (error === undefined) return;
  const parent = dirname(path);
  if (systemCode(error) !== "ENOENT" || parent === path) throw error;
  await ensureDir(parent);
  const again = await makeDir(path);
  if (again !== undefined) throw again;
}

/** Why there is no folder at `path` although it was asked for. */
async function makeDir(path: string): Promise<unknown> {
  try {
    await mkdir(path, { mode: PRIVATE_DIR });
    return undefined;
  } catch (error) {
    return (await info(path).catch(() => undefined))?.isDirectory ? undefined : error;
  }
}

/** The text of a file; undefined when it does not exist. Rejects when it is larger than `maxBytes`. */
export async function readText(path: string, maxBytes: number): Promise<string | undefined> {
  const data = await readBytes(path, maxBytes);
  return data?.toString("utf8");
}

/**
 * The text of a regular file that is not reached through a link; undefined when it does not exist.
 * Rejects for anything else (a link with code `ELOOP`) and when it is larger than `maxBytes`.
 */
export async function readRegular(path: string, maxBytes: number): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return reading({ path, flags }, async (handle) => {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error(`${path} is not a regular file`);
    if (found.size > maxBytes) throw new Error(`${path} is larger than ${maxBytes} bytes`);
    return handle.readFile("utf8");
  });
}

/** The bytes of a file; undefined when it does not exist. Rejects when it is larger than `maxBytes`. */
export async function readBytes(path: string, maxBytes: number): Promise<Buffer | undefined> {
  return reading({ path, flags: constants.O_RDONLY }, async (handle) => {
    const { size } = await handle.stat();
    if (size > maxBytes) throw new Error(`${path} is larger than ${maxBytes} bytes`);
    return handle.readFile();
  });
}

/** At most `length` bytes from `start`, and the size of the whole file; undefined when it does not exist. */
export async function readRange(
  path: string,
  start: number,
  length: number,
): Promise<{ data: Buffer; size: number } | undefined> {
  return reading({ path, flags: constants.O_RDONLY }, async (handle) => {
    const { size } = await handle.stat();
    const wanted = Math.max(0, Math.min(length, size - start));
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, start);
    return { data: buffer.subarray(0, bytesRead), size };
  });
}

/** Runs `work` on a file that is open meanwhile; undefined when there is no such file. */
async function reading<T>(
  { path, flags }: { readonly path: string; readonly flags: number },
  work: (handle: FileHandle) => Promise<T>,
): Promise<T | undefined> {
  const handle = await open(path, flags).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a file so that after a crash either the old or the new content stands there, never a
 * mixture: temporary file, fsync, rename, fsync of the folder.
 */
export async function writeDurable(path: string, data: string | Uint8Array, mode = PRIVATE_FILE): Promise<void> {
  const temporary = temporaryBeside(path);
  const handle = await open(temporary, "wx", mode);
  try {
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDir(dirname(path));
}

/**
 * Writes a stream to a new file, synced, and answers with its size. Rejects with what `tooLarge` makes, and leaves
 * nothing behind, as soon as more than `maxBytes` came; the rest of the stream is not read.
 */
export async function writeStream(
  path: string,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: { readonly maxBytes: number; readonly tooLarge: (bytes: number) => Error },
): Promise<number> {
  const handle = await open(path, "w", PRIVATE_FILE);
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.byteLength;
      if (bytes > limit.maxBytes) throw limit.tooLarge(bytes);
      await handle.writeFile(piece);
    }
    await handle.sync();
    await handle.close();
    return bytes;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

/**
 * Makes a file that must not exist yet; false when it does. It stands there with all of its content or not at all,
 * also when the process dies meanwhile, so that locks always name their holder. Not synced to disk.
 */
export async function createExclusive(path: string, data: string, mode = PRIVATE_FILE): Promise<boolean> {
  if (data === "") return createAndFill(path, data, mode);
  if (await exists(path)) return false;
  const temporary = temporaryBeside(path);
  try {
    await createAndFill(temporary, data, mode);
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    if (!NO_HARD_LINKS.includes(systemCode(error) ?? "")) throw error;
    return await createAndFill(path, data, mode);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** File systems without hard links answer one of these. */
const NO_HARD_LINKS: readonly string[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL"];

async function createAndFill(path: string, data: string, mode: number): Promise<boolean> {
  let handle;
  try {
    handle = await open(path, "wx", mode);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
  try {
    await handle.writeFile(data);
  } finally {
    await handle.close();
  }
  return true;
}

/** Makes an empty file that only the owner can read, or takes the permissions of others from one that is there. */
export async function makePrivateFile(path: string): Promise<void> {
  const handle = await open(path, "a", PRIVATE_FILE);
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) await chmod(path, PRIVATE_FILE);
  } finally {
    await handle.close();
  }
}

/** Sets the permission bits of a file or folder. */
export async function setMode(path: string, mode: number): Promise<void> {
  await chmod(path, mode);
}

/** Makes renames and new names in a folder durable. */
export async function syncDir(path: string): Promise<void> {
  let handle;
  try {
    handle = await open(path, "r");
    await handle.sync();
  } catch (error) {
    const code = systemCode(error);
    // Windows and some network file systems cannot sync a folder.
    if (code !== "EISDIR" && code !== "EPERM" && code !== "EINVAL" && code !== "EACCES") throw error;
  } finally {
    await handle?.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** Room on the disk of a path; undefined when the system does not say. */
export async function diskSpace(
  path: string,
): Promise<{ readonly totalBytes: number; readonly availableBytes: number } | undefined> {
  try {
    const { blocks, bavail, bsize } = await statfs(path);
    return { totalBytes: blocks * bsize, availableBytes: bavail * bsize };
  } catch {
    return undefined;
  }
}

export interface FileInfo {
  /** Bytes. */
  readonly size: number;
  /** Time of the last change, Unix epoch milliseconds with a fraction. */
  readonly mtimeMs: number;
  /** Permission bits. */
  readonly mode: number;
  /** Written by nobody but its owner, who is the user of this process, or the system's. */
  readonly isTrusted: boolean;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

/** What stands at a path; undefined when there is nothing. */
export async function info(path: string): Promise<FileInfo | undefined> {
  try {
    return infoOf(await stat(path));
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * As `info`, at once. For the few files that every turn looks at: the look takes microseconds, a trip to another
 * thread and back twenty times as much.
 */
export function infoNow(path: string): FileInfo | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && infoOf(found);
}

function infoOf(found: Stats): FileInfo {
  return {
    size: found.size,
    mtimeMs: found.mtimeMs,
    mode: found.mode & 0o777,
    isTrusted:
      process.getuid === undefined || ([0, process.getuid()].includes(found.uid) && (found.mode & 0o002) === 0),
    isFile: found.isFile(),
    isDirectory: found.isDirectory(),
  };
}

export async function remove(path: string): Promise<void> {
  await rm(path, { force: true, recursive: true });
}

/** Removes a folder that holds nothing; leaves any other. */
export async function removeEmptyDir(path: string): Promise<void> {
  await rmdir(path).catch((error: unknown) => {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(systemCode(error) ?? "")) throw error;
  });
}

export async function move(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncDir(dirname(to));
}

/**
 * Gives a file that is about to be replaced a second name, under which it stays as it is; a copy where the file
 * system knows no second names. `to` must not exist.
 */
export async function keepAs(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: unknown) => {
    if (["EEXIST", "ENOENT"].includes(systemCode(error) ?? "")) throw error;
    return copyFile(from, to, constants.COPYFILE_EXCL);
  });
  await syncDir(dirname(to));
}

/** Names in a folder, sorted; empty when it does not exist. */
export async function list(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** What a folder holds, sorted by name, links not followed; empty when it is not there or is no folder. */
export async function entries(
  path: string,
): Promise<{ readonly name: string; readonly kind: "file" | "folder" | "link" | "other" }[]> {
  try {
    const found = await readdir(path, { withFileTypes: true });
    return found
      .map((one) => ({
        name: one.name,
        kind: one.isFile()
          ? ("file" as const)
          : one.isDirectory()
            ? ("folder" as const)
            : one.isSymbolicLink()
              ? ("link" as const)
              : ("other" as const),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return [];
    throw error;
  }
}

/** Never one that another process, perhaps of the same number, left behind. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.${process.pid}.${systemRandom.bytes(6).readUIntBE(0, 6)}.tmp`);
}

/**
 * Calls `changed` whenever something happens to a file, also when it is replaced. May call more often
 * than the content changes. The returned function ends it. Never keeps the process alive.
 */
export function watchFile(path: string, changed: () => void): () => void {
  const name = basename(path);
  const watcher = watch(dirname(path), { persistent: false }, (_event, file) => {
    if (file === null || file === name) changed();
  });
  watcher.on("error", () => watcher.close());
  return () => watcher.close();
}

/**
 * Calls `changed` whenever something happens to an entry of a folder, with its name where the system says it.
 * Throws when the folder cannot be watched. The returned function ends it. Never keeps the process alive.
 */
export function watchFolder(path: string, changed: (name: string | undefined) => void): () => void {
  const watcher = watch(path, { persistent: false }, (_event, name) => changed(name ?? undefined));
  watcher.on("error", () => watcher.close());
  return () => watcher.close();
}
