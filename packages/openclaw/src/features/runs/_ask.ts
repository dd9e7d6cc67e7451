/** Step 4 of a run: one answer of the model to the conversation as it stands. */
import type { Endpoint } from "../../contracts/model.ts";
import type { TurnRow } from "../../store/index.ts";
import { callModel } from "./_call.ts";
import type { CallOutcome } from "./_call.ts";
import type { StoredMessage, View } from "../context/index.ts";
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

export async function ask(deps: RunDeps, { turn, setup, stored, emitter, signal }: Asking): Promise<CallOutcome> {
  const conversation = await deps.contexts.open(setup.ref);
  const view = (endpoint: Endpoint): Promise<View> =>
    deps.context.views.view({
      conversation,
      messages: withPreamble(stored, turn.id, setup.preamble),
      sessionKey: turn.sessionKey,
      config: setup.config,
      endpoint,
      thinking: setup.thinking,
      system: setup.system,
      schemas: setup.schemas,
      now: deps.platform.clock.now(),
    });
  return callModel({ models: deps.models, clock: deps.platform.clock, emitter, signal }, setup, view);
}
