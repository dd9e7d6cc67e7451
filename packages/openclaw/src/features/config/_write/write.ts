/** Writing the file: one writer at a time, the previous contents kept, never half a file. */
import { basename, dirname, join } from "node:path";
import { Fault, diskReason } from "../../../base/errors.ts";
import {
  createExclusive,
  ensureDir,
  exists,
  info,
  list,
  move,
  readText,
  remove,
  writeDurable,
} from "../../../base/files.ts";
import type { Clock } from "../../../base/time.ts";
import { errors } from "../errors.ts";
import { tryLock } from "../../../base/lock-file.ts";

const LOCK_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 60_000;
const LOCK_POLL_MS = 5;
const LOCK_POLL_MAX_MS = 20;
/** A word of waiting older than this was left behind. */
const LOCK_WANTED_MS = 1000;
const BACKUPS = 5;
/** Copies of one kind (`.rejected.*`, `.clobbered.*`) that stay. */
const KEPT_ASIDE = 10;
const MAX_BYTES = 4 * 1024 * 1024;
const LEFTOVER_MS = 24 * 3_600_000;

/** Runs `work` while nobody else writes this file. Throws `CONFIG_BUSY` when one holder keeps it for 10 s, or after 60 s. */
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

/**
 * Keeps a text beside the file as `<file>.<kind>.<time>`, owner only, and forgets the oldest of its kind.
 * Returns its path; undefined where it could not be kept.
 */
export async function keepAside(
  path: string,
  kind: "rejected" | "clobbered",
  { text, clock }: { readonly text: string; readonly clock: Clock },
): Promise<string | undefined> {
  const stamp = new Date(clock.now()).toISOString().replaceAll(":", "-");
  const name = `${basename(path)}.${kind}.`;
  try {
    const kept = (await list(dirname(path))).filter((each) => each.startsWith(name));
    for (const old of kept.slice(0, Math.max(0, kept.length - KEPT_ASIDE + 1))) await remove(join(dirname(path), old));
    const place = join(dirname(path), kept.includes(`${name}${stamp}`) ? `${name}${stamp}-2` : `${name}${stamp}`);
    await writeDurable(place, text);
    return place;
  } catch {
    return undefined;
  }
}

/** Removes what writers that were killed left half-written in the folder of the file, once it is a day old. */
export async function removeLeftovers(path: string, clock: Clock): Promise<void> {
  for (const name of await list(dirname(path)).catch(() => [])) {
    if (!/^\.\d+\.\d+\.tmp$/.test(name)) continue;
    const place = join(dirname(path), name);
    const found = await info(place).catch(() => undefined);
    if (found?.isFile && clock.now() - found.mtimeMs > LEFTOVER_MS) await remove(place).catch(() => undefined);
  }
}

async function backUp(path: string, previous: string): Promise<void> {
  const name = (age: number) => (age === 0 ? `${path}.bak` : `${path}.bak.${age}`);
  for (let age = BACKUPS - 2; age >= 0; age -= 1) {
    if (await exists(name(age))) await move(name(age), name(age + 1));
  }
  await writeDurable(name(0), previous);
}

/**
 * A holder that does not move is given up on; as long as one writer follows another, it is worth waiting.
 * Whoever waits says so beside the lock, and newcomers let them go first.
 */
async function takeLock(path: string, lock: string, clock: Clock): Promise<void> {
  const wanted = `${lock}.wanted`;
  const begun = clock.monotonic();
  let seen: number | undefined;
  let moved = begun;
  await guard(path, async () => {
    const waiting = await info(wanted);
    if (waiting && clock.now() - waiting.mtimeMs < LOCK_WANTED_MS) await clock.sleep(LOCK_POLL_MAX_MS);
    for (let wait = LOCK_POLL_MS; !(await tryLock(lock, clock)); wait = Math.min(wait * 2, LOCK_POLL_MAX_MS)) {
      await createExclusive(wanted, "");
      const now = clock.monotonic();
      const holder = (await info(lock))?.mtimeMs;
      if (holder !== seen) moved = now;
      seen = holder;
      if (now - moved > LOCK_WAIT_MS || now - begun > LONGEST_WAIT_MS) throw errors.CONFIG_BUSY({ path, lock });
      await clock.sleep(wait);
    }
    await remove(wanted);
  });
}

async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw errors.CONFIG_UNWRITABLE({ path, reason: diskReason(error) }).with({ cause: error });
  }
}
