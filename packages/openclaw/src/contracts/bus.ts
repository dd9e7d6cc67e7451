/** Tokens of services that every unit may use. */
import { token } from "./service.ts";
import type { ConfigSnapshot } from "./config.ts";
import type { EventBus } from "./method.ts";
import type { RouteRegistry } from "./route.ts";

export const Events = token<EventBus>("events");

/** Routes of channels and plugins on the gateway's port. */
export const LiveRoutes = token<RouteRegistry>("live-routes");

/** Texts kept as Markdown beside the code, by path below `src`. Loaded on first use. */
export const Prose = token<Readonly<Record<string, string>>>("prose");

/** The configuration in force, for units below the configuration feature, which provides it under this name. */
export const CurrentConfig = token<{ current(): ConfigSnapshot }>("config");

/** Puts text in the place of the references to secrets in a configuration, for units below the feature that fetches them. */
export const SecretTexts =
  token<
    (root: Readonly<Record<string, unknown>>, why: "check") => Promise<{ root: Readonly<Record<string, unknown>> }>
  >("secret-resolver");
