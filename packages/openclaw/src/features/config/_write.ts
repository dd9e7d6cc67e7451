/** Writing the file: one writer at a time, the previous contents kept, never half a file. */
import { dirname } from "node:path";
import { diskReason } from "../../base/errors.ts";
import { createExclusive, ensureDir, exists, info, move, readText, remove, writeDurable } from "../../base/files.ts";
import type { Clock } from "../../base/time.ts";
import { errors } from "./errors.ts";

const LOCK_WAIT_MS = 5000;
const LOCK_POLL_MS = 20;
/** A lock older than this was left behind: writing takes milliseconds. */
const LOCK_STALE_MS = 15_000;
const BACKUPS = 5;
const MAX_BYTES = 4 * 1024 * 1024;

/** Runs `work` while nobody else writes this file. Throws `CONFIG_BUSY` after 5 s. */
export async function whileLocked<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  await guard(path, () => ensureDir(dirname(path)));
  await takeLock(path, lock, clock);
  try {
    return await work();
  } finally {
    await remove(lock);
  }
}

/** Keeps the previous contents as `.bak` (older ones as `.bak.1` to `.bak.4`), then replaces the file. Owner only. */
export async function writeConfigFile(path: string, text: string): Promise<void> {
  await guard(path, async () => {
    const previous = await readText(path, MAX_BYTES);
    if (previous !== undefined) await backUp(path, previous);
    await writeDurable(path, text);
  });
}

async function backUp(path: string, previous: string): Promise<void> {
  const name = (age: number) => (age === 0 ? `${path}.bak` : `${path}.bak.${age}`);
  for (let age = BACKUPS - 2; age >= 0; age -= 1) {
    if (await exists(name(age))) await move(name(age), name(age + 1));
  }
  await writeDurable(name(0), previous);
}

async function takeLock(path: string, lock: string, clock: Clock): Promise<void> {
  const deadline = clock.monotonic() + LOCK_WAIT_MS;
  while (!(await guard(path, () => createExclusive(lock, `${process.pid}\n`)))) {
    const found = await info(lock);
    if (found && clock.now() - found.mtimeMs > LOCK_STALE_MS) await remove(lock);
    else if (clock.monotonic() > deadline) throw errors.CONFIG_BUSY({ path, lock });
    else await clock.sleep(LOCK_POLL_MS);
  }
}

async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw errors.CONFIG_UNWRITABLE({ path, reason: diskReason(error) }).with({ cause: error });
  }
}
