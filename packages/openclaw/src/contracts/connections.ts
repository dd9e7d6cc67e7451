/** Who is connected to the gateway, for features to which that matters. */
import { token } from "./service.ts";
import type { Caller } from "./method.ts";

export interface Connections {
  /** Every connection that is logged in, in the order of their logins. */
  list(): readonly Caller[];
}

/** Empty in commands that work without a gateway. */
export const ConnectionsToken = token<Connections>("connections");
