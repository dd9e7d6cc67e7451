/** Which route owns a path: exact first, then patterns with `{name}`, then the longest prefix. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Route } from "../../contracts/route.ts";

export interface FoundRoute {
  readonly route: Route;
  /** Percent-decoded once; undefined when an escape is malformed. */
  readonly params: Readonly<Record<string, string>> | undefined;
}

export function findRoute(routes: readonly Route[], pathname: string, config: ConfigSnapshot): FoundRoute | undefined {
  const owned = routes
    .filter((route) => route.on?.(config) ?? true)
    .flatMap((route) =>
      (typeof route.paths === "function" ? route.paths(config) : route.paths).map((path) => ({ path, route })),
    );
  const exact = owned.find(({ path }) => path === pathname);
  if (exact !== undefined) return { route: exact.route, params: {} };
  for (const { path, route } of owned) {
    if (!path.includes("{")) continue;
    const raw = segmentsOf(path, pathname);
    if (raw !== undefined) return { route, params: decoded(raw) };
  }
  const [prefix] = owned
    .filter(({ path }) => path.endsWith("/") && pathname.startsWith(path))
    .toSorted((a, b) => b.path.length - a.path.length);
  return prefix === undefined ? undefined : { route: prefix.route, params: {} };
}

function segmentsOf(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = pathname.split("/");
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? "";
    if (part.startsWith("{") && part.endsWith("}")) {
      if (value === "") return undefined;
      found[part.slice(1, -1)] = value;
    } else if (part !== value) return undefined;
  }
  return found;
}

function decoded(raw: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}
