/** Step 4 of a run: one answer of the model to the conversation as it stands. */
import type { Endpoint, ModelRequest } from "../../../contracts/model.ts";
import type { View } from "../../context/index.ts";
import { callModel } from "./call.ts";
import type { CallOutcome } from "./call.ts";
import type { Deadline } from "../_deadline.ts";
import { withPreamble } from "../_setup/prompt.ts";
import { afterRefusal, makeRoom } from "./room.ts";
import type { RoomFor } from "./room.ts";
import type { RunDeps } from "../run.ts";

export interface Asking extends RoomFor {
  readonly deadline: Deadline;
  /** It is the first call of this run. */
  readonly isFirst: boolean;
}

/** How often a call that was too long is made again, with less each time. */
const MAX_REFUSALS = 4;

export async function ask(deps: RunDeps, asking: Asking): Promise<CallOutcome> {
  const { setup, emitter, signal } = asking;
  await makeRoom(deps, asking, asking.isFirst);
  for (let nth = 0; ; nth += 1) {
    const { clock } = deps.platform;
    const calling = {
      models: deps.models,
      clock,
      emitter,
      signal,
      leftMs: () => asking.deadline.leftMs(),
      smaller: async (request: ModelRequest) => (await import("./smaller.ts")).withSmallerPictures(deps, request),
    };
    const outcome = await callModel(calling, setup, (endpoint) => viewFor(deps, asking, endpoint));
    const tooLong = !("message" in outcome) && outcome.failure.class === "context_overflow";
    if (!tooLong || outcome.shown || nth === MAX_REFUSALS || signal.aborted) return outcome;
    if (!(await afterRefusal(deps, asking, nth))) return outcome;
  }
}

async function viewFor(deps: RunDeps, { turn, setup }: Asking, endpoint: Endpoint): Promise<View> {
  const conversation = await deps.contexts.open(setup.ref);
  return deps.context.views.view({
    conversation,
    messages: withPreamble(conversation.stored, turn.id, setup.preamble),
    sessionKey: turn.sessionKey,
    config: setup.config,
    endpoint,
    thinking: setup.thinking,
    system: setup.system,
    schemas: setup.schemas,
    now: deps.platform.clock.now(),
  });
}
