import { Fault, errorText, systemCode } from "../../base/errors.ts";
import { errors } from "../errors.ts";

/** Primary result codes (https://www.sqlite.org/rescode.html). */
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** What an error of SQLite or of the file system below it means to a person; anything else as it is. */
export function storeFailure(error: unknown, path: string): unknown {
  if (error instanceof Fault) return error;
  const reason = errorText(error);
  return (faultOf(error, path, reason) ?? { with: () => error }).with({ cause: error });
}

function faultOf(error: unknown, path: string, reason: string): Fault | undefined {
  switch (primaryCode(error)) {
    case FULL:
      return errors.DISK_FULL({ path });
    case CORRUPT:
    case NOTADB:
      return errors.STORE_DAMAGED({ path, reason });
    case BUSY:
    case LOCKED:
      return errors.STORE_BUSY({ path, reason });
    case PERM:
    case READONLY:
    case IOERR:
    case CANTOPEN:
      return errors.STORE_UNWRITABLE({ path, reason });
    default:
      break;
  }
  switch (systemCode(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return errors.DISK_FULL({ path });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EISDIR":
    case "EEXIST":
    case "ELOOP":
    case "EIO":
      return errors.STORE_UNWRITABLE({ path, reason });
    default:
      return undefined;
  }
}

function primaryCode(error: unknown): number | undefined {
  if (error === null || typeof error !== "object" || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}
