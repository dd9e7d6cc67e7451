/** Step 4 of a run: one answer of the model to the conversation as it stands. */
import type { TurnRow } from "../../store/index.ts";
import { callModel } from "./_call.ts";
import type { CallOutcome } from "./_call.ts";
import type { StoredMessage } from "../context/index.ts";
import type { RunEmitter } from "./_emitter.ts";
import { withPreamble } from "./_prompt.ts";
import type { RunSetup } from "./_setup.ts";
import type { RunDeps } from "./run.ts";

export interface Asking {
  readonly turn: TurnRow;
  readonly setup: RunSetup;
  /** The whole conversation; it grows with the run. */
  readonly stored: readonly StoredMessage[];
  readonly emitter: RunEmitter;
  readonly signal: AbortSignal;
}

export function ask(deps: RunDeps, { turn, setup, stored, emitter, signal }: Asking): Promise<CallOutcome> {
  return callModel(
    { models: deps.models, clock: deps.platform.clock, emitter, signal },
    setup,
    withPreamble(stored, turn.id, setup.preamble),
  );
}
