/**
 * Messages that came while the run was under way and are meant for it. They are told between two calls of
 * the model: every call of a tool has its result by then.
 */
import type { UserMessage } from "../../contracts/message.ts";
import type { TurnRow } from "../../store/index.ts";
import type { StoredMessage } from "../context/index.ts";
import type { RunEmitter } from "./_record/emitter.ts";
import type { Place } from "./_setup/setup.ts";
import { envelopeOf, userMessage } from "./_begin/begin.ts";
import { spoken } from "./_begin/opening.ts";
import { write } from "./_record/write.ts";
import type { RunDeps } from "./run.ts";

export async function tellSteering(
  deps: RunDeps,
  turn: TurnRow,
  place: Place,
  { stored, emitter }: { stored: readonly StoredMessage[]; emitter: RunEmitter },
): Promise<void> {
  const waiting = await deps.lanes.steering(turn.sessionKey);
  if (waiting.length === 0) return;
  const written = new Set(stored.flatMap(({ message }) => (message.role === "user" ? [message.idempotencyKey] : [])));
  const messages = waiting
    .map((row): UserMessage => userMessage(row, spoken(row), deps.platform.clock, envelopeOf(row, place, stored)))
    .filter(({ idempotencyKey }) => !written.has(idempotencyKey));
  if (messages.length > 0) await write(deps, turn, place, messages, true);
  const ids = waiting.map(({ id }) => id);
  await deps.lanes.steered(ids, turn.id);
  emitter.facts.record("steered", { turns: ids });
}
