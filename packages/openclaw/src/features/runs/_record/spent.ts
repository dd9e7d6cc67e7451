/** What a call beside the conversation used, for the books. */
import { errorText } from "../../../base/errors.ts";
import type { Usage } from "../../../contracts/message.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { Store, TurnRow } from "../../../store/index.ts";

export interface Spent {
  readonly provider: string;
  readonly model: string;
  readonly usage: Usage;
}

/** Never rejects: nobody goes without an answer because the books cannot be written. */
export async function bookSpent(
  { store, platform }: { readonly store: Pick<Store, "usage">; readonly platform: Platform },
  { agentId, sessionKey, replyTo }: Pick<TurnRow, "agentId" | "sessionKey" | "replyTo">,
  { sessionId, ...spent }: Spent & { readonly sessionId: string },
): Promise<void> {
  const at = platform.clock.now();
  const channel = replyTo?.address.channel ?? "";
  await store.usage
    .add({ at, agentId, sessionKey, sessionId, channel, ...spent })
    .catch((error: unknown) => platform.log.for("runs").warn("a call was not booked", { error: errorText(error) }));
}
