/** Whether a chat network may change the configuration. */
import type { ChatCommandCall } from "../../contracts/chat.ts";
import { errors } from "./errors.ts";

/** `section`: that of the channel. Throws `CONFIG_WRITES_OFF` where it may not change the configuration. */
export function checkWrites({ address }: Pick<ChatCommandCall, "address">, section: unknown): void {
  if (!mayWrite(section, address.account)) throw errors.CONFIG_WRITES_OFF({ channel: address.channel });
}

/** `configWrites` of the account, else of the channel, else yes. */
function mayWrite(section: unknown, account: string): boolean {
  if (section === null || typeof section !== "object") return true;
  const { configWrites, accounts } = section as {
    readonly configWrites?: unknown;
    readonly accounts?: Readonly<Record<string, { readonly configWrites?: unknown }>>;
  };
  return (accounts?.[account]?.configWrites ?? configWrites) !== false;
}
