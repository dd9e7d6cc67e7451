/** Whether nobody but the owner reads what is answered. */
import type { Principal } from "../../contracts/principal.ts";

const SHARED = /:(?:group|channel|room|subagent)(?::|$)/;

/** Personal notes and conversations are for the owner's own chats: not for groups, helpers or guests. */
export function isPrivate(sessionKey: string, { role }: Principal): boolean {
  return !SHARED.test(sessionKey) && role !== "guest" && role !== "stranger";
}
