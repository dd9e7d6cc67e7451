/** The log file: appended in the background, a new name each day, rotated by size. */
import { chmodSync, closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { systemCode } from "./errors.ts";
import { PRIVATE_DIR, PRIVATE_FILE, ensureDir } from "./files.ts";
import type { Clock } from "./time.ts";

export interface LogFile {
  /** The file that is written now. */
  readonly path: string;
  /** Adds one line (without its end). Never throws, never waits; on disk within 200 ms. */
  append(line: string): void;
  /** Writes what waits. Never rejects: a log that cannot be written is no reason to stop. */
  flush(): Promise<void>;
  /** The same at once, for the moment in which this process exits. */
  flushNow(): void;
  close(): Promise<void>;
}

export interface LogFileOptions {
  /** A fixed file; absent = `openclaw-YYYY-MM-DD.log` (local date) in the folder for logs. */
  readonly file?: string;
  /** State directory, where logs go when the shared temporary folder is not safe to use. */
  readonly state: string;
  /** Folder for temporary files; `/tmp` unless this is Windows. */
  readonly temp?: string;
  readonly maxFileBytes: number;
  readonly clock: Clock;
}

/** Name of the state directory that nobody chose. Another one keeps its log inside, so that installations do not mix. */
const USUAL_STATE = ".openclaw";
const FLUSH_MS = 200;
/** Characters that may wait; further lines are dropped and counted. */
const MAX_WAITING = 4 * 1024 * 1024;
const ARCHIVES = 5;
const DATED_FOR_MS = 86_400_000;
const DATED = /^openclaw-\d{4}-\d{2}-\d{2}\.log(?:\.\d)?$/;
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

export function openLogFile(options: LogFileOptions): LogFile {
  const { clock } = options;
  let folder: string | undefined;
  let waiting: string[] = [];
  let size = 0;
  let dropped = 0;
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();
  let prunedFor = "";

  const path = () => {
    if (options.file !== undefined) return options.file;
    folder ??= logFolder(options.temp ?? (process.platform === "win32" ? tmpdir() : "/tmp"), options.state);
    return join(folder, `openclaw-${localDate(new Date(clock.now()))}.log`);
  };
  const take = () => {
    cancel?.();
    cancel = undefined;
    if (dropped > 0)
      waiting.push(
        JSON.stringify({
          time: new Date(clock.now()).toISOString(),
          level: "warn",
          subsystem: "log",
          message: `${dropped} lines were dropped`,
        }),
      );
    const text = waiting.length === 0 ? "" : `${waiting.join("\n")}\n`;
    waiting = [];
    size = 0;
    dropped = 0;
    return text;
  };
  const write = async () => {
    const text = take();
    if (text === "") return;
    const file = path();
    if ((await appendText(file, text)) > options.maxFileBytes) await rotate(file);
    if (options.file === undefined && prunedFor !== file) {
      prunedFor = file;
      await pruneDated(dirname(file), clock.now() - DATED_FOR_MS);
    }
  };
  const flush = () => (writing = writing.then(write).catch(() => {}));

  return {
    get path() {
      return path();
    },
    append(line) {
      if (size + line.length > MAX_WAITING) {
        dropped += 1;
        return;
      }
      waiting.push(line);
      size += line.length;
      cancel ??= clock.timer(FLUSH_MS, () => void flush());
    },
    flush,
    flushNow() {
      const text = take();
      if (text === "") return;
      try {
        const handle = openSync(path(), APPEND, PRIVATE_FILE);
        writeSync(handle, text);
        closeSync(handle);
      } catch {
        // Nobody is left to be told.
      }
    },
    close: flush,
  };
}

/** Size of the file afterwards. */
async function appendText(path: string, text: string): Promise<number> {
  const handle = await open(path, APPEND, PRIVATE_FILE).catch(async (error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw error;
    await ensureDir(dirname(path));
    return open(path, APPEND, PRIVATE_FILE);
  });
  try {
    await handle.writeFile(text);
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** `<file>` becomes `<file>.1`, that `<file>.2`, up to five. */
async function rotate(path: string): Promise<void> {
  for (let n = ARCHIVES - 1; n >= 1; n -= 1) await rename(`${path}.${n}`, `${path}.${n + 1}`).catch(() => {});
  await rename(path, `${path}.1`).catch(() => {});
}

async function pruneDated(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (DATED.test(name) && (await stat(path)).mtimeMs < before) await rm(path, { force: true });
  }
}

/**
 * `<temp>/openclaw` for the usual state directory, when that is, or can be made, a folder that only this
 * user can enter (anybody may put a link into a shared folder); `<state>/logs` otherwise.
 */
export function logFolder(temp: string, state: string): string {
  const shared = join(temp, "openclaw");
  return basename(state) === USUAL_STATE && isPrivateFolder(shared) ? shared : join(state, "logs");
}

function isPrivateFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: PRIVATE_DIR });
    return true;
  } catch (error) {
    if (systemCode(error) !== "EEXIST") return false;
  }
  try {
    const found = lstatSync(path);
    if (!found.isDirectory()) return false;
    if (process.getuid === undefined) return true;
    if (found.uid !== process.getuid()) return false;
    if ((found.mode & 0o077) !== 0) tighten(path, found.ino);
    return true;
  } catch {
    return false;
  }
}

/** Through a handle, so that it is the folder that was looked at. */
function tighten(path: string, ino: number): void {
  const handle = openSync(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0));
  try {
    if (fstatSync(handle).ino !== ino) throw new Error("replaced");
    chmodSync(path, PRIVATE_DIR);
  } finally {
    closeSync(handle);
  }
}

function localDate(date: Date): string {
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}
