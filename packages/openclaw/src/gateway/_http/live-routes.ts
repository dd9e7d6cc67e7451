/** Routes that come and go with the channel or plugin that owns them. */
import type { Route, RouteRegistry } from "../../contracts/route.ts";
import { errors } from "../errors.ts";

/** Paths of the gateway itself, and everything below them. */
const CORE =
  /^\/(?:health|healthz|ready|readyz|startup|startupz|approve|v1|tools|sessions|__openclaw__|__openclaw)(?:\/|$)|^\/?$/;

export class LiveRouteTable implements RouteRegistry {
  readonly #routes = new Map<Route, string>();

  get routes(): readonly Route[] {
    return [...this.#routes.keys()];
  }

  add(owner: string, route: Route): () => void {
    const paths = pathsOf(route);
    for (const path of paths) {
      if (!path.startsWith("/") || CORE.test(path)) throw errors.ROUTE_RESERVED({ path });
      const taken = [...this.#routes].find(([other]) => pathsOf(other).includes(path));
      if (taken !== undefined && taken[1] !== owner) throw errors.ROUTE_TAKEN({ path, owner: taken[1] });
    }
    this.#routes.set(route, owner);
    return () => void this.#routes.delete(route);
  }
}

function pathsOf({ paths }: Route): readonly string[] {
  return typeof paths === "function" ? [] : paths;
}
