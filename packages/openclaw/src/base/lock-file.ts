/**
 * The lock beside the file. It names its holder (process, begin of that process, machine), so that the
 * lock of a process that died is taken over at once; one of another machine, or one that cannot be read,
 * only after it has aged.
 */
import { hostname } from "node:os";
import { dirname } from "node:path";
import { createExclusive, ensureDir, info, readText, remove } from "./files.ts";
import { systemCode } from "./errors.ts";
import type { Clock } from "./time.ts";

/** A lock of unknown standing older than this was left behind: writing takes milliseconds. */
const STALE_MS = 15_000;
/** A holder that seems alive may be another process with the same number. */
const ALIVE_STALE_MS = 120_000;

export interface LockWait {
  readonly clock: Clock;
  /** How long to wait for a holder; `late` says what is thrown then. */
  readonly waitMs: number;
  readonly late: () => Error;
}

/** Runs `work` alone among all processes that use this lock. `work` must end well before a lock counts as left. */
export async function withLock<T>(lock: string, { clock, waitMs, late }: LockWait, work: () => Promise<T>): Promise<T> {
  await ensureDir(dirname(lock));
  const until = clock.monotonic() + waitMs;
  for (let wait = 5; !(await tryLock(lock, clock)); wait = Math.min(wait * 2, 100)) {
    if (clock.monotonic() >= until) throw late();
    await clock.sleep(wait);
  }
  try {
    return await work();
  } finally {
    await remove(lock);
  }
}

/** Takes the lock unless somebody holds it; whoever took it removes the file. */
export async function tryLock(lock: string, clock: Clock): Promise<boolean> {
  if (await createExclusive(lock, holderLine())) return true;
  if (!(await isLeft(lock, clock))) return false;
  return takeOver(lock, clock);
}

/** Only one process at a time may remove a lock that was left, and only after looking again. */
async function takeOver(lock: string, clock: Clock): Promise<boolean> {
  const breaking = `${lock}.break`;
  if (!(await createExclusive(breaking, holderLine()))) {
    if (await isLeft(breaking, clock)) await remove(breaking);
    return false;
  }
  try {
    if (await isLeft(lock, clock)) await remove(lock);
    return await createExclusive(lock, holderLine());
  } finally {
    await remove(breaking);
  }
}

async function isLeft(lock: string, clock: Clock): Promise<boolean> {
  const [found, text] = await Promise.all([info(lock), readText(lock, 1024).catch(() => undefined)]);
  if (!found) return false;
  const age = clock.now() - found.mtimeMs;
  const [pid = "", begun = "", host = ""] = (text ?? "").trim().split(" ");
  if (host !== hostname() || !/^\d+$/.test(pid)) return age > STALE_MS;
  if (Number(pid) === process.pid) return begun !== String(performance.timeOrigin) || age > ALIVE_STALE_MS;
  return !isAlive(Number(pid)) || age > ALIVE_STALE_MS;
}

function holderLine(): string {
  return `${process.pid} ${performance.timeOrigin} ${hostname()}\n`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}
