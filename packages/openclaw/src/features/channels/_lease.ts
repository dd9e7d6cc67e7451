/**
 * One consumer per login and machine: a file named by the digest of the login, kept fresh while it is
 * held. A holder that died, or has not refreshed it for a while, has lost it.
 */
import { join } from "node:path";
import { createExclusive, info, readText, remove, writeDurable } from "../../base/files.ts";
import { systemCode } from "../../base/errors.ts";
import type { Env } from "../../base/env.ts";
import type { Clock } from "../../base/time.ts";

const REFRESH_MS = 30_000;
const STALE_MS = 90_000;

export interface LeaseDeps {
  readonly clock: Clock;
  readonly env: Env;
}

/** Takes the lease; the returned function gives it back. Undefined when another process holds it. */
export async function takeLease(
  credential: string,
  { clock, env }: LeaseDeps,
): Promise<(() => Promise<void>) | undefined> {
  const path = join(env["TMPDIR"] ?? env["TEMP"] ?? "/tmp", `openclaw-channel-${credential}.lock`);
  const mine = String(process.pid);
  if (!(await createExclusive(path, mine))) {
    if (await held(path, clock)) return undefined;
    await remove(path);
    if (!(await createExclusive(path, mine))) return undefined;
  }
  let cancel = () => {};
  const refresh = () => {
    cancel = clock.timer(REFRESH_MS, () => {
      void writeDurable(path, mine).then(refresh, refresh);
    });
  };
  refresh();
  return async () => {
    cancel();
    await remove(path);
  };
}

async function held(path: string, clock: Clock): Promise<boolean> {
  const [found, holder] = await Promise.all([info(path), readText(path, 64).catch(() => "")]);
  if (!found) return false;
  const pid = Number(holder);
  if (clock.now() - found.mtimeMs > STALE_MS || pid === process.pid) return false;
  return Number.isSafeInteger(pid) && pid > 0 ? isAlive(pid) : clock.now() - found.mtimeMs < REFRESH_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}
