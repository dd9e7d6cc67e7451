/**
 * Noticing that files changed. The word of the operating system is quick but not certain (links, network
 * and container file systems, folders that are replaced), so the files are also looked at now and then.
 */
import { info, watchFile } from "../../../base/files.ts";
import type { Clock } from "../../../base/time.ts";

const LOOK_MS = 3000;
/** A file that never rests is read all the same. */
const LONGEST_WAIT_MS = 5000;

export interface WatchOptions {
  readonly clock: Clock;
  /** Rest after the last change before `changed` is called. */
  readonly debounceMs: number;
  readonly changed: () => void;
}

/** Watches until the returned function is called. A file, or its folder, need not be there. */
export function watchFiles(paths: readonly string[], { clock, debounceMs, changed }: WatchOptions): () => void {
  let since: number | undefined;
  let cancelRest = () => {};
  let cancelLook = () => {};
  let ended = false;
  const fire = () => {
    since = undefined;
    changed();
  };
  const noticed = () => {
    if (ended) return;
    since ??= clock.monotonic();
    const left = Math.max(0, LONGEST_WAIT_MS - (clock.monotonic() - since));
    cancelRest();
    cancelRest = clock.timer(Math.min(debounceMs, left), fire);
  };
  const seen = new Map<string, string>();
  const look = async (first: boolean) => {
    for (const path of paths) {
      const now = await mark(path);
      if (!first && seen.get(path) !== now) noticed();
      seen.set(path, now);
    }
    if (!ended) cancelLook = clock.timer(LOOK_MS, () => void look(false));
  };
  void look(true);
  const stops = paths.map((path) => watchQuietly(path, noticed));
  return () => {
    ended = true;
    cancelRest();
    cancelLook();
    for (const stop of stops) stop();
  };
}

/** Where the system cannot watch a file, looking at it from time to time has to do. */
function watchQuietly(path: string, changed: () => void): () => void {
  try {
    return watchFile(path, changed);
  } catch {
    return () => {};
  }
}

async function mark(path: string): Promise<string> {
  const found = await info(path).catch(() => undefined);
  return found ? `${found.mtimeMs} ${found.size} ${found.isFile}` : "";
}
