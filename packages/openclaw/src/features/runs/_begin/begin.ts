/**
 * Step 2 of a run: what is asked goes to the transcript. First the conversation that the caller brought along,
 * as far as it is new; then what the system has to tell and what the person wrote, as one message. What an earlier
 * process wrote of it stays; calls that it left without a result get one that says so.
 */
import type { Clock } from "../../../base/time.ts";
import type { AssistantMessage, UserMessage } from "../../../contracts/message.ts";
import type { TurnRow } from "../../../store/index.ts";
import { clientCalls } from "./client.ts";
import { unanswered } from "../_calls/consent.ts";
import { delegated, interrupted } from "../../context/index.ts";
import type { StoredMessage } from "../../context/index.ts";
import { labelled } from "./labels.ts";
import { opening, told, toldBefore } from "./opening.ts";
import { unknownMessages } from "./replay.ts";
import type { Place } from "../_setup/setup.ts";
import { envelopeHeader } from "../../sessions/index.ts";
import { toolCalls, write } from "../_record/write.ts";
import type { RunDeps } from "../run.ts";

/** Messages among which those that the caller sends again are looked for. */
const LOOKED_AT = 4000;

export interface Begun {
  /** The whole conversation; it grows with the run. */
  readonly stored: readonly StoredMessage[];
  /** Nothing is left to ask: an earlier process got as far as the final answer, or there was nothing to tell. */
  readonly done: boolean;
  /** As it was given, with the labels of what this turn brought along. */
  readonly place: Place;
}

export async function begin(deps: RunDeps, turn: TurnRow, given: Place): Promise<Begun> {
  const stored = await deps.contexts.load(given.ref);
  const earlier = turn.attempts > 1 ? await deps.contexts.ofRun(given.ref, turn.id) : [];
  const mine = earlier.slice(await replay(deps, turn, given, earlier.length));
  if (mine.length > 0) return goOn(deps, turn, given, { stored, mine });
  const envelope = envelopeOf(turn, given, stored);
  const { text, ids, by } = await opening(deps, turn, given.config, envelope);
  if (text === "" && turn.options.wake !== undefined) return { stored, done: true, place: given };
  const place = await labelled(deps, turn, given, by);
  // Results of the caller's tools are question enough.
  const asks = text !== "" || turn.options.conversation === undefined;
  if (asks) {
    const message = userMessage(turn, text, deps.platform.clock, ids.length > 0 ? undefined : envelope);
    await write(deps, turn, place, [message], ids.length > 0);
  }
  await told(deps, ids);
  return { stored, done: false, place };
}

/** Writes what is missing of the caller's conversation; returns how many messages of this run are its. */
async function replay(deps: RunDeps, turn: TurnRow, place: Place, written: number): Promise<number> {
  const { conversation } = turn.options;
  if (conversation === undefined) return 0;
  // The caller knows nothing of compactions: what they took out of the window is known all the same.
  const known = await deps.contexts.newest(place.ref, LOOKED_AT);
  const before = known.filter(({ runId }) => runId !== turn.id).map(({ message }) => message);
  const unknown = unknownMessages(before, conversation);
  if (written < unknown.length) await write(deps, turn, place, unknown.slice(written), false);
  return unknown.length;
}

async function goOn(
  deps: RunDeps,
  turn: TurnRow,
  place: Place,
  { stored, mine }: { stored: readonly StoredMessage[]; mine: readonly StoredMessage[] },
): Promise<Begun> {
  await toldBefore(deps, turn, mine);
  const answers = mine.flatMap(({ message }) => (message.role === "assistant" ? [message] : []));
  const answered = new Set(mine.flatMap(({ message }) => (message.role === "toolResult" ? [message.toolCallId] : [])));
  const now = deps.platform.clock.now();
  const missing = answers.flatMap((answer) => {
    const ofClient = clientCalls(turn, answer);
    return toolCalls(answer)
      .filter((call) => !answered.has(call.id))
      .map((call) => {
        if (ofClient.includes(call)) return delegated(call, now);
        return deps.approvals.lost(turn.id, call.id) ? unanswered(call, now) : interrupted(call, now);
      });
  });
  if (missing.length > 0) await write(deps, turn, place, missing, false);
  const answer = answers.at(-1);
  const final = mine.at(-1)?.message === answer && answer !== undefined && isFinal(answer);
  return { stored, done: final || (answer !== undefined && clientCalls(turn, answer).length > 0), place };
}

function isFinal({ stopReason, content }: AssistantMessage): boolean {
  return stopReason !== "error" && stopReason !== "aborted" && !content.some((part) => part.type === "toolCall");
}

/** What the model is told of where a message came from. */
export function envelopeOf(
  { options }: TurnRow,
  { config }: Place,
  stored: readonly StoredMessage[],
): string | undefined {
  return options.envelope && envelopeHeader(options.envelope, config, stored.at(-1)?.message.timestamp);
}

/** What a person wrote, with the key by which a restart knows it again. */
export function userMessage(turn: TurnRow, text: string, clock: Clock, envelope?: string): UserMessage {
  const images = turn.images ?? [];
  const content =
    images.length === 0
      ? text
      : [{ type: "text" as const, text }, ...images.map((image) => ({ type: "image" as const, ...image }))];
  const { from } = turn.options;
  return {
    role: "user",
    content,
    timestamp: clock.now(),
    idempotencyKey: `${turn.id}:user`,
    ...(envelope === undefined ? {} : { envelope }),
    ...(from === undefined
      ? {}
      : {
          provenance: {
            kind: "inter_session",
            sourceSessionKey: from.sessionKey,
            ...(from.channel === undefined ? {} : { sourceChannel: from.channel }),
            sourceTool: from.tool,
          },
        }),
  };
}
