import type { Sender } from "openclaw/sdk";

/** `tg:123`, `telegram:123`, `@Name`, `Name` → `123`, `name`. */
export function normalizeSender(raw: string): string {
  return raw
    .trim()
    .replace(/^(?:telegram|tg):/i, "")
    .trim()
    .replace(/^@/, "")
    .toLowerCase();
}

/** The numeric id and, since the Bot API has no way to look a name up, the current username. */
export function senderKeys({ id, username }: Sender): string[] {
  return [id, ...(username === undefined || username === "" ? [] : [username])].map(normalizeSender);
}
