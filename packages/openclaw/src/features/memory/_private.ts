/** Whether nobody but the owner reads what is answered. */
import { isOwners } from "../../contracts/principal.ts";
import type { Principal } from "../../contracts/principal.ts";

const SHARED = /:(?:group|channel|room|subagent)(?::|$)/;

/** Personal notes and conversations are for the owner's own chats: not for groups, helpers or anybody else. */
export function isPrivate(sessionKey: string, principal: Principal): boolean {
  return !SHARED.test(sessionKey) && isOwners(principal);
}
