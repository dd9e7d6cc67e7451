/** Paths of hooks: slashes at the ends and doubled ones do not count. */

/** `hooks.path` as the raw path that requests have: `/hooks`. */
export function basePath(path: string): string {
  return `/${trimmed(path)}`;
}

/** What follows the base: `agent`, `github/push`, or empty. */
export function subPath(base: string, pathname: string): string {
  return pathname.slice(base.length).replace(/^\//, "");
}

export function trimmed(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "")
    .join("/");
}
