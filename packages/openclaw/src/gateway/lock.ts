/**
 * One gateway per configuration: a lock file under `<state>/locks/`. The lock of a process that is
 * gone is taken over; the exclusive bind of the port stands behind it.
 */
import { join } from "node:path";
import { createExclusive, ensureDir, info, move, readText, remove } from "../base/files.ts";
import { sha256, uuid } from "../base/ids.ts";
import { errorText } from "../base/errors.ts";
import type { Platform } from "../contracts/service.ts";
import { errors } from "./errors.ts";

interface Owner {
  readonly pid: number;
  readonly port: number;
  /** Tells the owner from another process that got its number later. */
  readonly started: string;
}

const UNREADABLE_GRACE_MS = 5000;

/** Takes the lock. Returns how to give it back. Throws `GATEWAY_PORT_IN_USE` while another gateway holds it. */
export async function takeLock(platform: Platform, port: number): Promise<() => Promise<void>> {
  const folder = join(platform.paths.state, "locks");
  const path = join(folder, `gateway-${sha256(platform.paths.config).slice(0, 12)}.lock`);
  const mine = JSON.stringify({ pid: process.pid, port, started: await startOf(process.pid) } satisfies Owner);
  try {
    await ensureDir(folder);
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

function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, port, started } = value as Record<string, unknown>;
    if (!Number.isInteger(pid) || (pid as number) <= 0 || typeof port !== "number") return undefined;
    return { pid: pid as number, port, started: typeof started === "string" ? started : "" };
  } catch {
    return undefined;
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // Somebody else's process is alive too.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const started = await startOf(owner.pid);
  return owner.started === "" || started === "" || started === owner.started;
}

/** When a process began, in the kernel's own count; empty where the system does not say. */
async function startOf(pid: number): Promise<string> {
  const stat = await readText(`/proc/${pid}/stat`, 65_536).catch(() => undefined);
  // Field 22; the name in field 2 may contain anything, so counting starts behind its last bracket.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
