/**
 * The one place where paths that come from a model, a message or the network are opened. A path is
 * resolved once, held against its root, and opened relative to a handle of its folder without following
 * a link; what was opened is checked again. Swapping a folder for a link in between gains nothing.
 */
import { constants } from "node:fs";
import { lstat, mkdir, open, readlink, realpath, rename, rm, stat, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { platform } from "node:process";
import { systemCode } from "./errors.ts";
import { errors } from "./faults.ts";
import { syncDir } from "./files.ts";
import { systemRandom } from "./ids.ts";
import { isInside } from "./path.ts";
import { asFaults, mustBeFile } from "./path-faults.ts";

export interface Place {
  /** Folder that the path must not leave, links included; undefined = anywhere on this machine. */
  readonly root: string | undefined;
  /** Absolute. */
  readonly path: string;
}

/** Who may do what with a file or folder. */
export interface Access {
  /** User id of the owner; 0 where the system knows none. */
  readonly owner: number;
  /** Permission bits, the sticky bit included. */
  readonly mode: number;
}

/** A regular file, opened for reading. */
export interface OpenFile {
  /** Where it really is. */
  readonly path: string;
  readonly size: number;
  readonly access: Access;
  /** Up to `length` bytes from `position`; empty at the end. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Where a path leads, links resolved, whether or not anything is there. A link to nothing leads to what
 * it names. Throws `PATH_DENIED` for links that go round in circles.
 */
export async function realPath(path: string): Promise<string> {
  return resolveLinks(resolve(path), 0);
}

/** What stands at a path itself, a link not followed; undefined when nothing does. */
export async function accessOf(
  path: string,
): Promise<(Access & { readonly isLink: boolean; readonly isFile: boolean }) | undefined> {
  const found = await lstat(path).catch(ignoreMissing);
  return (
    found && {
      owner: found.uid,
      mode: found.mode & 0o7777,
      isLink: found.isSymbolicLink(),
      isFile: found.isFile(),
    }
  );
}

/** Opens a regular file for reading. Throws `PATH_OUTSIDE`, `PATH_MISSING`, `PATH_NOT_FILE`, `PATH_CHANGED` or `PATH_DENIED`. */
export async function openWithin({ root, path }: Place): Promise<OpenFile> {
  return asFaults(path, async () => {
    const real = await checked({ root, path });
    const folder = await openFolder(dirname(real), path);
    try {
      const at = join(folder.base, basename(real));
      mustBeFile(await lstat(at), path);
      const handle = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      return await checkedFile(handle, real, path);
    } finally {
      await folder.handle?.close();
    }
  });
}

/** The bytes of a regular file. Throws as `openWithin` does, and `FILE_TOO_LARGE` beyond `maxBytes`. */
export async function readWithin({ root, path, maxBytes }: Place & { readonly maxBytes: number }): Promise<Buffer> {
  const file = await openWithin({ root, path });
  try {
    if (file.size > maxBytes) throw errors.FILE_TOO_LARGE({ path, bytes: file.size, maxBytes });
    const data = await file.read(0, maxBytes + 1);
    if (data.length > maxBytes) throw errors.FILE_TOO_LARGE({ path, bytes: data.length, maxBytes });
    return data;
  } finally {
    await file.close();
  }
}

export interface Written {
  /** Where it really is. */
  readonly path: string;
  readonly created: boolean;
}

/**
 * Replaces a file so that after a crash either the old or the new content stands there, making missing
 * folders. Permissions of a file that was there stay; a link stays and the file that it names is replaced.
 */
export async function writeWithin({
  root,
  path,
  data,
}: Place & { readonly data: string | Uint8Array }): Promise<Written> {
  return asFaults(path, async () => {
    const real = await checked({ root, path });
    const folder = await makeFolder(dirname(real), path);
    try {
      const target = join(folder.base, basename(real));
      const before = await lstat(target).catch(ignoreMissing);
      if (before) mustBeFile(before, path);
      await replace(target, data, before?.mode);
      await syncDir(dirname(real));
      return { path: real, created: before === undefined };
    } finally {
      await folder.handle?.close();
    }
  });
}

/** Removes a file; of a link only the link. Throws as `openWithin` does. */
export async function removeWithin({ root, path }: Place): Promise<void> {
  await asFaults(path, async () => {
    const real = join(await checked({ root, path: dirname(path) }), basename(path));
    const folder = await openFolder(dirname(real), path);
    try {
      const at = join(folder.base, basename(real));
      const found = await lstat(at);
      if (!found.isSymbolicLink()) mustBeFile(found, path);
      await unlink(at);
      await syncDir(dirname(real));
    } finally {
      await folder.handle?.close();
    }
  });
}

/** Where the path leads, inside its root. */
async function checked({ root, path }: Place): Promise<string> {
  const real = await realPath(path);
  if (root === undefined) return real;
  const realRoot = await realPath(root);
  if (!isInside(realRoot, real)) throw errors.PATH_OUTSIDE({ path, root });
  return real;
}

interface Folder {
  /** Path by which the folder is reached whatever happens to its name. */
  readonly base: string;
  readonly handle: FileHandle | undefined;
}

/** Linux reaches a folder through its handle; elsewhere its name has to do. */
async function openFolder(real: string, path: string): Promise<Folder> {
  if (platform === "win32") return { base: real, handle: undefined };
  const handle = await open(real, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const base = `/proc/self/fd/${handle.fd}`;
  const reached = platform === "linux" ? await readlink(base).catch(() => undefined) : undefined;
  if (reached !== undefined && reached !== real) {
    await handle.close();
    throw errors.PATH_CHANGED({ path });
  }
  return { base: reached === undefined ? real : base, handle };
}

/**
 * Opens a folder and makes what is missing of it, each step relative to a handle of the one before:
 * a recursive `mkdir` follows a link that is put in its way, and never returns below `/proc`.
 */
async function makeFolder(real: string, path: string): Promise<Folder> {
  try {
    return await openFolder(real, path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT" || dirname(real) === real) throw error;
  }
  const parent = await makeFolder(dirname(real), path);
  try {
    await mkdir(join(parent.base, basename(real))).catch((error: unknown) => {
      if (systemCode(error) !== "EEXIST") throw error;
    });
  } finally {
    await parent.handle?.close();
  }
  return openFolder(real, path);
}

/** Checks what was opened: a regular file, and still the one at that place. */
async function checkedFile(handle: FileHandle, real: string, path: string): Promise<OpenFile> {
  try {
    const opened = await handle.stat();
    mustBeFile(opened, path);
    const there = await stat(real);
    if (there.ino !== opened.ino || there.dev !== opened.dev || (await realPath(real)) !== real)
      throw errors.PATH_CHANGED({ path });
    return {
      path: real,
      size: opened.size,
      access: { owner: opened.uid, mode: opened.mode & 0o7777 },
      read: (position, length) => readAll(handle, position, length),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const PIECE = 1024 * 1024;

async function readAll(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let read = 0; read < length;) {
    const piece = Buffer.allocUnsafe(Math.min(length - read, PIECE));
    const { bytesRead } = await handle.read(piece, 0, piece.length, position + read);
    if (bytesRead === 0) break;
    pieces.push(piece.subarray(0, bytesRead));
    read += bytesRead;
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}

const NEW_FILE = 0o666;

async function replace(target: string, data: string | Uint8Array, mode: number | undefined): Promise<void> {
  const temporary = join(
    dirname(target),
    `.${basename(target).slice(0, 60)}.${systemRandom.bytes(6).toString("hex")}.tmp`,
  );
  const handle = await open(temporary, "wx", mode === undefined ? NEW_FILE : mode & 0o777);
  try {
    try {
      if (mode !== undefined) await handle.chmod(mode & 0o7777);
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const MAX_LINKS = 40;

async function resolveLinks(path: string, depth: number): Promise<string> {
  if (depth > MAX_LINKS) throw errors.PATH_DENIED({ path, reason: "its links go round in circles" });
  try {
    return await realpath(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ELOOP") throw errors.PATH_DENIED({ path, reason: "its links go round in circles" });
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
  const info = await lstat(path).catch(() => undefined);
  if (info?.isSymbolicLink()) return resolveLinks(resolve(dirname(path), await readlink(path)), depth + 1);
  const parent = dirname(path);
  return parent === path ? path : join(await resolveLinks(parent, depth), basename(path));
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) !== "ENOENT") throw error;
}
