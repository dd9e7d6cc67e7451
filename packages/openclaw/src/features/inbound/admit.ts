/**
 * Hop 3: who is this, and may they talk? A surface that authenticated its caller says so itself
 * (web chat, CLI); people on chat networks are judged by the account's policy. Whoever is not
 * admitted costs no model call and leaves a reason behind.
 */
import type { Principal } from "../../contracts/principal.ts";
import type { InboxRow } from "../../store/index.ts";
import type { PipelineDeps } from "./pipeline.ts";

export interface Admitted {
  readonly row: InboxRow;
  readonly principal: Principal;
}

export async function admit(deps: PipelineDeps, row: InboxRow): Promise<Admitted | undefined> {
  if (row.principal) return { row, principal: row.principal };
  const { address } = row.envelope;
  const target = deps.outbound.known(address.channel, address.account);
  if (!target) {
    await deps.store.inbox.settle(row.id, { kind: "ignored", reason: "account-not-configured" });
    return undefined;
  }
  const admission = await deps.people.admit(row.envelope, target.channel, target.account);
  if (admission.verdict === "allow") return { row, principal: admission.principal };
  const texts = admission.verdict === "pair" && admission.reply !== undefined ? [admission.reply] : [];
  const posts = deps.outbound.compose(
    texts,
    { address, ...(row.envelope.native === undefined ? {} : { native: row.envelope.native }) },
    { keyPrefix: `pairing:${row.id}`, at: deps.platform.clock.now() },
  );
  await deps.store.inbox.settle(
    row.id,
    { kind: posts.length > 0 ? "reply" : "ignored", reason: admission.reason },
    posts,
  );
  if (posts.length > 0) deps.outbound.wake(row.account);
  deps.platform.log.for("inbound").debug("not admitted", { inbox: row.id, reason: admission.reason });
  return undefined;
}
