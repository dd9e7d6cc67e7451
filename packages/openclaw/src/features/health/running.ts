/** The gateway that runs on this state directory now, as its lock file tells. */
import { join } from "node:path";
import { readText } from "../../base/files.ts";
import { sha256 } from "../../base/ids.ts";
import type { Paths } from "../../contracts/service.ts";

export interface LockOwner {
  readonly pid: number;
  readonly port: number;
  /** Tells the owner from another process that got its number later. */
  readonly started: string;
  /** Where this machine reaches it, when that is not 127.0.0.1. */
  readonly host?: string;
}

const MAX_BYTES = 4096;

/** Path of the lock of this configuration's gateway. */
export function lockPath(paths: Paths): string {
  return join(paths.state, "locks", `gateway-${sha256(paths.config).slice(0, 12)}.lock`);
}

/** Who runs this configuration's gateway; undefined when nobody does. */
export async function runningGateway(paths: Paths): Promise<LockOwner | undefined> {
  const text = await readText(lockPath(paths), MAX_BYTES).catch(() => undefined);
  const owner = text === undefined ? undefined : parseOwner(text);
  return owner && (await isAlive(owner)) ? owner : undefined;
}

/** The content of a lock file; undefined when it says nothing. */
export function parseOwner(text: string): LockOwner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, port, started, host } = value as Record<string, unknown>;
    if (!Number.isInteger(pid) || (pid as number) <= 0 || typeof port !== "number") return undefined;
    const at = typeof host === "string" && host !== "" && host !== "127.0.0.1" ? { host } : {};
    return { pid: pid as number, port, started: typeof started === "string" ? started : "", ...at };
  } catch {
    return undefined;
  }
}

export async function isAlive(owner: LockOwner): Promise<boolean> {
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
export async function startOf(pid: number): Promise<string> {
  const stat = await readText(`/proc/${pid}/stat`, 65_536).catch(() => undefined);
  // Field 22; the name in field 2 may contain anything, so counting starts behind its last bracket.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
