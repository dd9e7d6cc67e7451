/**
 * Makes services on first use, once each. What the process brings along is given as values; the rest
 * is loaded from the generated registry. A service that needs itself, however indirectly, is an error
 * that names the circle instead of a wait without end.
 */
import type { Platform, Provider, ServiceContext, Token, Use } from "../contracts/service.ts";
import type { Scope } from "../base/scope.ts";

export interface ContainerOptions {
  readonly platform: Platform;
  readonly scope: Scope;
  /** Token name → module that provides it. */
  readonly registry: Readonly<Record<string, () => Promise<{ readonly services: readonly Provider[] }>>>;
  /** Token name → ready value. */
  readonly values: ReadonlyMap<string, unknown>;
}

export function createContainer(options: ContainerOptions): Use {
  const made = new Map<string, Promise<unknown>>();

  const make = async (name: string, path: readonly string[]): Promise<unknown> => {
    const load = options.registry[name];
    if (!load) throw new Error(`no unit provides the service "${name}"`);
    const provider = (await load()).services.find((candidate) => candidate.token.name === name);
    if (!provider) throw new Error(`the unit registered for "${name}" does not provide it`);
    const context: ServiceContext = { platform: options.platform, scope: options.scope, use: useFrom([...path, name]) };
    return provider.make(context);
  };

  const useFrom =
    (path: readonly string[]): Use =>
    <T>(wanted: Token<T>): Promise<T> => {
      const { name } = wanted;
      if (options.values.has(name)) return Promise.resolve(options.values.get(name) as T);
      const known = made.get(name);
      if (known) {
        if (path.includes(name))
          return Promise.reject(new Error(`services in a circle: ${[...path, name].join(" → ")}`));
        return known as Promise<T>;
      }
      const service = make(name, path);
      made.set(name, service);
      service.catch(() => made.delete(name));
      return service as Promise<T>;
    };

  return useFrom([]);
}
