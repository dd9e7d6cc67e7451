/** Noticing that notes changed. A hint only: searches look for themselves as well. */
import { watchFolder } from "../../base/files.ts";
import type { Clock } from "../../base/time.ts";

/** A folder that never rests is looked at all the same. */
const LONGEST_WAIT_MS = 5000;

export interface WatchOptions {
  readonly clock: Clock;
  /** Rest after the last change before `changed` is called. */
  readonly debounceMs: number;
  /** Called at the first word of a change, before it has come to rest. */
  readonly stirred: () => void;
  readonly changed: () => void;
}

/** Watches until the returned function is called. */
export function watchNotes(
  folders: readonly string[],
  { clock, debounceMs, stirred, changed }: WatchOptions,
): () => void {
  let since: number | undefined;
  let cancel = () => {};
  const noticed = (name: string | undefined) => {
    if (name !== undefined && !mayMatter(name)) return;
    stirred();
    since ??= clock.monotonic();
    const left = Math.max(0, LONGEST_WAIT_MS - (clock.monotonic() - since));
    cancel();
    cancel = clock.timer(Math.min(debounceMs, left), () => {
      since = undefined;
      changed();
    });
  };
  const stops = folders.map((folder) => watchQuietly(folder, noticed));
  return () => {
    cancel();
    for (const stop of stops) stop();
  };
}

/** Markdown, or what may be a folder. */
function mayMatter(name: string): boolean {
  return name.toLowerCase().endsWith(".md") || !name.includes(".");
}

function watchQuietly(folder: string, noticed: (name: string | undefined) => void): () => void {
  try {
    return watchFolder(folder, noticed);
  } catch {
    return () => {};
  }
}
