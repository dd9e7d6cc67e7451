/** Agents act for whoever caused them, and never with more authority. */
import type { Principal } from "../../contracts/principal.ts";
import { parseKey } from "../sessions/index.ts";
import type { SessionEntry } from "../sessions/index.ts";

/** How often agents may cause one another, in a row, without anybody else in between. The gate follows 32 ancestors. */
export const LONGEST_CHAIN = 24;

/** Whoever the session `sessionKey` makes act, on behalf of `parent`. */
export function actingFor(parent: Principal, sessionKey: string): Principal {
  return { kind: "agent", id: sessionKey, role: parent.role, scopes: parent.scopes, parent };
}

/** How many agents stand between this principal and whoever is behind it. */
export function chainOf(principal: Principal): number {
  let length = 0;
  let at: Principal | undefined = principal;
  while (at?.kind === "agent" && length <= LONGEST_CHAIN) {
    length += 1;
    at = at.parent;
  }
  return length;
}

/** Whether a session stands behind what this principal does. What helpers reported does not count as asking. */
export function hasCaused(principal: Principal, sessionKey: string): boolean {
  if (parseKey(sessionKey)?.rest.startsWith("subagent:") === true) return false;
  let at: Principal | undefined = principal;
  for (let depth = 0; at?.kind === "agent" && depth <= LONGEST_CHAIN; depth += 1) {
    if (at.id === sessionKey) return true;
    at = at.parent;
  }
  return false;
}

/** How deep a session is: by its row, and never less than its key says. */
export function depthOf(key: string, entry: SessionEntry | undefined): number {
  const byKey =
    parseKey(key)
      ?.rest.split(":")
      .filter((part) => part === "subagent").length ?? 0;
  const stored = entry?.["spawnDepth"];
  return typeof stored === "number" ? Math.max(byKey, stored) : byKey;
}
