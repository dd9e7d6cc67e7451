/** What became of one part of an answer, among the facts of its run. */
import { errorText } from "../../base/errors.ts";
import { compact } from "../../base/text.ts";
import type { Log } from "../../base/log.ts";
import type { Clock } from "../../base/time.ts";
import type { PostRow, Store } from "../../store/index.ts";

export interface Delivery {
  readonly state: "sent" | "retry" | "dead";
  readonly ms: number;
  readonly error?: string;
}

/** Nothing for posts that no run made. Never throws. */
export async function recordDelivery(
  {
    store,
    clock,
    log,
  }: { readonly store: Pick<Store, "turns" | "runEvents">; readonly clock: Clock; readonly log: Log },
  { key, turnId, address, attempts, maybeSent }: PostRow,
  delivery: Delivery,
): Promise<void> {
  if (turnId === undefined) return;
  try {
    const turn = await store.turns.get(turnId);
    store.runEvents.record({
      runId: turnId,
      sessionKey: turn?.sessionKey ?? "",
      agentId: turn?.agentId ?? "",
      kind: "delivery",
      at: clock.now(),
      data: compact({
        key,
        channel: address.channel,
        account: address.account,
        attempt: attempts + 1,
        maybeRepeated: maybeSent || undefined,
        ...delivery,
      }),
    });
  } catch (error) {
    log.warn("a delivery was not recorded", { post: key, error: errorText(error) });
  }
}
