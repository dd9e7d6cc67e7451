/**
 * Hop 6: a message becomes a turn of its session's lane; its inbox row is done in the same step. System
 * events that this turn has too much authority to be told get a turn of their own after it.
 */
import { derivedUuid } from "../../base/ids.ts";
import type { Address, Envelope, ReplyRoute } from "../../contracts/envelope.ts";
import type { InboxRow, TurnOptions } from "../../store/index.ts";
import { mayHear, senderLabel } from "../sessions/index.ts";
import type { Meaning } from "./interpret.ts";
import type { PipelineDeps } from "./pipeline.ts";
import { wake } from "./wake.ts";

/** `rows`: all that becomes this turn; the meaning is of the last. */
export async function submit(deps: PipelineDeps, meaning: Meaning, rows: readonly InboxRow[]): Promise<void> {
  const { row, agentId, sessionKey, principal, text } = meaning;
  const { envelope } = row;
  await deps.sessions.ensure(sessionKey, { address: envelope.address });
  const images = envelope.parts.flatMap((part) =>
    part.type === "image" ? [{ data: part.data, mimeType: part.mimeType }] : [],
  );
  const runId = row.options?.["runId"];
  const deliverTo = row.options?.["deliverTo"] as Address | undefined;
  const replyTo: ReplyRoute = deliverTo
    ? { address: deliverTo }
    : {
        address: envelope.address,
        replyTo: envelope.nativeId,
        ...(envelope.native === undefined ? {} : { native: envelope.native }),
      };
  // The same message gives the same turn, whichever process gets this far.
  const id = typeof runId === "string" ? runId : derivedUuid(`turn:${row.account}:${envelope.nativeId}`);
  recordWay(deps, { ...meaning, rows }, id);
  await deps.lanes.submit(
    {
      id,
      agentId,
      sessionKey,
      principal,
      text,
      replyTo,
      options: {
        ...turnOptions(row.options),
        ...envelopeOf(deps, envelope),
        ...(rows.some(isSpoken) && { heard: true }),
      },
      createdAt: deps.platform.clock.now(),
      ...(images.length === 0 ? {} : { images }),
    },
    rows.map((each) => each.id),
  );
  const waiting = await deps.systemEvents.waiting(sessionKey);
  if (waiting.some(({ by }) => !mayHear(principal, by))) await wake(deps, sessionKey, "left over");
}

function isSpoken({ envelope }: InboxRow): boolean {
  return envelope.parts.some((part) => part.type === "file" && "isVoice" in part && part.isVoice === true);
}

/** What the model is told of where a message came from; web chat and programs are the owner's own. */
function envelopeOf(deps: PipelineDeps, { address, from, at }: Envelope): Pick<TurnOptions, "envelope"> {
  if (address.channel === "webchat") return {};
  const network = deps.outbound.known(address.channel, address.account)?.channel.label ?? address.channel;
  return { envelope: { label: senderLabel(network, from), at } };
}

/** The first two facts of a run: what came in, and where it went. */
function recordWay(
  deps: PipelineDeps,
  { row, rows, agentId, sessionKey, principal, text, by, media }: Meaning & { readonly rows: readonly InboxRow[] },
  runId: string,
): void {
  const { address } = row.envelope;
  const of = { runId, sessionKey, agentId };
  deps.store.runEvents.record({
    ...of,
    kind: "message",
    at: row.receivedAt,
    data: {
      inbox: row.id,
      ...(rows.length > 1 ? { with: rows.slice(0, -1).map((each) => each.id) } : {}),
      channel: address.channel,
      account: address.account,
      chatKind: address.kind,
      principal: `${principal.kind}:${principal.id}`,
      role: principal.role,
      chars: text.length,
      parts: row.envelope.parts.length,
      ...(media?.understood === undefined ? {} : { media: media.understood.outcomes }),
    },
  });
  deps.store.runEvents.record({ ...of, kind: "route", at: deps.platform.clock.now(), data: { by } });
}

const KNOWN: readonly (keyof TurnOptions)[] = [
  "thinking",
  "model",
  "timeoutMs",
  "deliver",
  "extraSystemPrompt",
  "connId",
  "fingerprint",
  "queue",
  "apart",
  "preferences",
];

function turnOptions(options: Readonly<Record<string, unknown>> | undefined): TurnOptions {
  return Object.fromEntries(KNOWN.flatMap((name) => (options?.[name] === undefined ? [] : [[name, options[name]]])));
}
