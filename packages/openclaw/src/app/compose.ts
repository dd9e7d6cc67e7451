/** Puts the generated registries and the container together: from here every unit finds every other. */
import type { Scope } from "../base/scope.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { services } from "../generated/services.ts";
import { createContainer } from "./container.ts";
import { registries } from "./registries.ts";

/** Services of this installation, made on first use and ended with the scope. `given` stands before the registries. */
export function compose(platform: Platform, scope: Scope, given: ReadonlyMap<string, unknown> = new Map()): Use {
  const collected = registries.map((provider) => [provider.token.name, async () => ({ services: [provider] })]);
  return createContainer({
    platform,
    scope,
    registry: { ...services, ...Object.fromEntries(collected) },
    values: given,
  });
}
