/** What the file system says of a path, as errors that people meet. */
import type { Stats } from "node:fs";
import { Fault, errorText, systemCode } from "./errors.ts";
import { errors } from "./faults.ts";

/** Throws `PATH_NOT_FILE`, which says what stands there instead. */
export function mustBeFile(info: Stats, path: string): void {
  if (info.isFile()) return;
  const kind = info.isDirectory()
    ? "a folder"
    : info.isSymbolicLink()
      ? "a link"
      : info.isFIFO()
        ? "a pipe"
        : info.isSocket()
          ? "a socket"
          : "a device";
  throw errors.PATH_NOT_FILE({ path, kind });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  EEXIST: "a part of it is a file",
  ENOTDIR: "a part of it is a file",
};

/** Errors of the file system as declared ones. */
export async function asFaults<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const code = systemCode(error);
    if (code === "ENOENT") throw errors.PATH_MISSING({ path }).with({ cause: error });
    if (code === "EISDIR") throw errors.PATH_NOT_FILE({ path, kind: "a folder" }).with({ cause: error });
    if (code === "ELOOP") throw errors.PATH_CHANGED({ path }).with({ cause: error });
    throw errors.PATH_DENIED({ path, reason: REASONS[code ?? ""] ?? code ?? errorText(error) }).with({ cause: error });
  }
}
