/**
 * Hop 6: a message becomes a turn of its session's lane; its inbox row is done in the same step. System
 * events that this turn has too much authority to be told get a turn of their own after it.
 */
import { derivedUuid } from "../../base/ids.ts";
import type { Address, ReplyRoute } from "../../contracts/envelope.ts";
import type { TurnOptions } from "../../store/index.ts";
import { mayHear } from "../sessions/index.ts";
import type { Meaning } from "./interpret.ts";
import type { PipelineDeps } from "./pipeline.ts";
import { wake } from "./wake.ts";

export async function submit(deps: PipelineDeps, meaning: Meaning): Promise<void> {
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
  await deps.lanes.submit(
    {
      // The same message gives the same turn, whichever process gets this far.
      id: typeof runId === "string" ? runId : derivedUuid(`turn:${row.account}:${envelope.nativeId}`),
      agentId,
      sessionKey,
      principal,
      text,
      replyTo,
      options: turnOptions(row.options),
      createdAt: deps.platform.clock.now(),
      ...(images.length === 0 ? {} : { images }),
    },
    [row.id],
  );
  const waiting = await deps.systemEvents.waiting(sessionKey);
  if (waiting.some(({ by }) => !mayHear(principal, by))) await wake(deps, sessionKey, "left over");
}

const KNOWN: readonly (keyof TurnOptions)[] = [
  "thinking",
  "model",
  "timeoutMs",
  "deliver",
  "extraSystemPrompt",
  "connId",
  "fingerprint",
];

function turnOptions(options: Readonly<Record<string, unknown>> | undefined): TurnOptions {
  return Object.fromEntries(KNOWN.flatMap((name) => (options?.[name] === undefined ? [] : [[name, options[name]]])));
}
