/** Paths as text: nothing here looks at the disk. */
import { isAbsolute, join, relative, resolve, sep } from "node:path";

/** Whether `path` is `root` or lies below it. Both absolute; links are not resolved (`realPath` does that). */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Absolute path of what somebody wrote: `~` is `home`, anything relative starts in `folder`. */
export function pathFrom(folder: string, written: string, home: string): string {
  if (written === "~" || written.startsWith("~/")) return join(home, written.slice(1));
  return isAbsolute(written) ? resolve(written) : resolve(folder, written);
}
