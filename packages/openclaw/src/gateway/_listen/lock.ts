/**
 * One gateway per configuration: a lock file under `<state>/locks/`. The lock of a process that is
 * gone is taken over; the exclusive bind of the port stands behind it.
 */
import { dirname } from "node:path";
import { createExclusive, ensureDir, info, move, readText, remove } from "../../base/files.ts";
import { uuid } from "../../base/ids.ts";
import { errorText } from "../../base/errors.ts";
import type { Platform } from "../../contracts/service.ts";
import { isAlive, lockPath, parseOwner, startOf } from "../../features/health/index.ts";
import type { LockOwner } from "../../features/health/index.ts";
import { errors } from "../errors.ts";

const UNREADABLE_GRACE_MS = 5000;

/** Takes the lock. Returns how to give it back. Throws `GATEWAY_PORT_IN_USE` while another gateway holds it. */
export async function takeLock(
  platform: Platform,
  { port, host }: { readonly port: number; readonly host?: string },
): Promise<() => Promise<void>> {
  const path = lockPath(platform.paths);
  const owner: LockOwner = { pid: process.pid, port, started: await startOf(process.pid) };
  const mine = JSON.stringify(host === undefined ? owner : { ...owner, host });
  try {
    await ensureDir(dirname(path));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (await createExclusive(path, mine)) return () => release(path, mine);
      await reclaim(platform, path);
    }
  } catch (error) {
    if (error instanceof Error && error.name === "Fault") throw error;
    throw errors.GATEWAY_STATE_UNWRITABLE({ path, reason: errorText(error) });
  }
  throw errors.GATEWAY_PORT_IN_USE({ port });
}

/** Removes the lock of a dead owner, or throws because the owner lives. */
async function reclaim(platform: Platform, path: string): Promise<void> {
  const text = await readText(path, 4096);
  if (text === undefined) return;
  const owner = parseOwner(text);
  if (owner === undefined) {
    const age = platform.clock.now() - ((await info(path))?.mtimeMs ?? 0);
    if (age < UNREADABLE_GRACE_MS) await platform.clock.sleep(200);
    else await remove(path);
    return;
  }
  if (await isAlive(owner)) throw errors.GATEWAY_PORT_IN_USE({ port: owner.port, owner: owner.pid });
  const aside = `${path}.${uuid(platform.random)}`;
  await move(path, aside).catch(() => undefined);
  // Two gateways may reclaim at once: the second must not have moved the first one's new lock.
  const moved = await readText(aside, 4096);
  if (moved !== undefined && moved !== text) await createExclusive(path, moved);
  await remove(aside);
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readText(path, 4096)) === mine) await remove(path);
}
