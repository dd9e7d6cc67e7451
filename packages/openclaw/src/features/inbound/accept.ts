/** Hop 2: the message is stored, once. What the platform delivers again is recognised. */
import { uuid } from "../../base/ids.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { PipelineDeps } from "./pipeline.ts";

export async function accept(
  deps: PipelineDeps,
  envelope: Envelope,
  extra: { readonly principal?: Principal; readonly options?: Readonly<Record<string, unknown>> } = {},
): Promise<{ row: string; fresh: boolean }> {
  const { accepted, id } = await deps.store.inbox.accept({
    id: uuid(deps.platform.random),
    account: `${envelope.address.channel}:${envelope.address.account}`,
    envelope,
    receivedAt: deps.platform.clock.now(),
    ...(extra.principal === undefined ? {} : { principal: extra.principal }),
    ...(extra.options === undefined ? {} : { options: extra.options }),
  });
  return { row: id, fresh: accepted };
}
