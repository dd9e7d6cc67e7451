/** Whether nobody but the owner reads what is answered. */
import type { Principal } from "../../contracts/principal.ts";

const SHARED = /:(?:group|channel|room)(?::|$)/;

/** Personal notes and conversations are for the owner's own chats: not for groups, and not for guests. */
export function isPrivate(sessionKey: string, { role }: Principal): boolean {
  return !SHARED.test(sessionKey) && role !== "guest" && role !== "stranger";
}
