/**
 * Hop 7: a turn becomes a run.
 *
 * 1. Find agent and session; the configuration of this moment holds to the end.
 * 2. Write the person's message to the transcript, after what the system has to tell, unless an earlier
 *    process already did. A turn that was only to tell something ends here when nothing waits.
 * 3. Resolve model, tools and prompt.
 * 4. Ask the model; write its answer.
 * 5. When it calls tools: run them through the gate, write the results, go to 4.
 * 6. End: turn row, reply rows and session row change in one step.
 *
 * A run that is found half done (the process died) continues at 2: what the transcript holds is kept,
 * calls without a result get one that says so.
 */
import { Fault, errorText } from "../../base/errors.ts";
import type { Clock } from "../../base/time.ts";
import type { Log } from "../../base/log.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { AssistantMessage, Message, ToolCallPart, UserMessage } from "../../contracts/message.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import type { ModelsService } from "../../models/index.ts";
import type { Store, TurnResult, TurnRow } from "../../store/index.ts";
import type { AgentsService } from "../agents/index.ts";
import type { ConfigService } from "../config/index.ts";
import type { PolicyService } from "../policy/index.ts";
import { StopRequest } from "../sessions/index.ts";
import type { SessionsService, SystemEventsService } from "../sessions/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import { callModel } from "./_call.ts";
import type { CallOutcome } from "./_call.ts";
import type { Contexts, StoredMessage } from "./_context.ts";
import type { RunEmitter } from "./_emitter.ts";
import { finish } from "./_finish.ts";
import type { Ending } from "./_finish.ts";
import { interrupted } from "./_hygiene.ts";
import { opening, told, toldBefore } from "./_opening.ts";
import { openPlace, setUp } from "./_setup.ts";
import type { Place, RunSetup } from "./_setup.ts";
import { errors } from "./errors.ts";
import { invoke } from "./invoke.ts";

export interface RunDeps {
  readonly platform: Platform;
  readonly use: Use;
  readonly store: Store;
  readonly contexts: Contexts;
  readonly config: ConfigService;
  readonly agents: AgentsService;
  readonly sessions: SessionsService;
  readonly systemEvents: SystemEventsService;
  readonly models: ModelsService;
  readonly policy: PolicyService;
  readonly outbound: OutboundService;
  readonly events: EventBus;
  readonly log: Log;
  /** The gateway is stopping: leave the turn open for the next process. */
  readonly closing: AbortSignal;
}

const MAX_ATTEMPTS = 3;
const MAX_STEPS = 100;

/** Resolves with what it came to; undefined when the gateway stops and the next process goes on with it. */
export async function run(
  deps: RunDeps,
  turn: TurnRow,
  emitter: RunEmitter,
  stop: AbortSignal,
): Promise<TurnResult | undefined> {
  emitter.emit("lifecycle", { phase: "start", startedAt: emitter.startedAt });
  const typing = turn.replyTo && turn.options.deliver !== false ? deps.outbound.typing(turn.replyTo) : () => {};
  let place: Place | undefined;
  let setup: RunSetup | undefined;
  let ending: Ending = { kind: "done" };
  try {
    place = await openPlace(deps, turn);
    deps.sessions.changed(place.session, "agent.run.started", turn.id);
    const { stored, done } = await begin(deps, turn, place);
    if (turn.attempts > MAX_ATTEMPTS && !done) throw errors.RUN_INTERRUPTED();
    if (!done) {
      setup = await setUp(deps, turn, place);
      ending = await converse(deps, { turn, setup, stored }, emitter, stop);
    }
  } catch (error) {
    if (!(error instanceof Fault))
      deps.log.error("a run failed", {
        run: turn.id,
        error: error instanceof Error ? (error.stack ?? error.message) : errorText(error),
      });
    ending = { kind: "failed", error };
  } finally {
    typing();
  }
  if (deps.closing.aborted) return undefined;
  return finish(deps, { turn, place, setup, emitter, ending });
}

/** Steps 4 and 5. */
async function converse(
  deps: RunDeps,
  { turn, setup, stored }: { turn: TurnRow; setup: RunSetup; stored: readonly StoredMessage[] },
  emitter: RunEmitter,
  stop: AbortSignal,
): Promise<Ending> {
  const deadline = new AbortController();
  const cancel = deps.platform.clock.timer(setup.timeoutMs, () =>
    deadline.abort(errors.RUN_TIMEOUT({ seconds: Math.round(setup.timeoutMs / 1000) })),
  );
  const signal = AbortSignal.any([stop, deadline.signal, deps.closing]);
  try {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const outcome = await callModel(
        { models: deps.models, clock: deps.platform.clock, emitter, signal },
        setup,
        stored.map((s) => s.message),
      );
      if (deps.closing.aborted) return { kind: "left-open" };
      const calls = "message" in outcome ? toolCalls(outcome.message) : [];
      await keep(deps, turn, setup, outcome, calls.length > 0);
      if (!("message" in outcome)) return failed(outcome, signal);
      if (calls.length === 0) return { kind: "done" };
      await answerCalls(deps, turn, setup, emitter, { calls, signal });
      if (signal.aborted) return stopped(signal);
    }
    return { kind: "failed", error: errors.RUN_ENDLESS({ steps: MAX_STEPS }) };
  } finally {
    cancel();
  }
}

/** Step 2. `done`: an earlier process got as far as the final answer. */
async function begin(
  deps: RunDeps,
  turn: TurnRow,
  place: Place,
): Promise<{ stored: readonly StoredMessage[]; done: boolean }> {
  const stored = await deps.contexts.load(place.ref);
  const mine = turn.attempts > 1 ? stored.filter((s) => s.runId === turn.id) : [];
  if (mine.length === 0) {
    const { text, ids } = await opening(deps, turn, place.config);
    if (text === "" && turn.options.wake !== undefined) return { stored, done: true };
    await write(deps, turn, place, [userMessage(turn, text, deps.platform.clock)], ids.length > 0);
    await told(deps, ids);
    return { stored, done: false };
  }
  await toldBefore(deps, turn, mine);
  const last = mine.at(-1)?.message;
  if (
    last?.role === "assistant" &&
    toolCalls(last).length === 0 &&
    last.stopReason !== "error" &&
    last.stopReason !== "aborted"
  )
    return { stored, done: true };
  const answered = new Set(mine.flatMap(({ message }) => (message.role === "toolResult" ? [message.toolCallId] : [])));
  const open = mine
    .flatMap(({ message }) => (message.role === "assistant" ? toolCalls(message) : []))
    .filter((call) => !answered.has(call.id));
  if (open.length > 0)
    await write(
      deps,
      turn,
      place,
      open.map((call) => interrupted(call, deps.platform.clock.now())),
      false,
    );
  return { stored, done: false };
}

function userMessage(turn: TurnRow, text: string, clock: Clock): UserMessage {
  const images = turn.images ?? [];
  const content =
    images.length === 0
      ? text
      : [{ type: "text" as const, text }, ...images.map((image) => ({ type: "image" as const, ...image }))];
  return { role: "user", content, timestamp: clock.now(), idempotencyKey: `${turn.id}:user` };
}

/** Writes what the model said; what was cut off is kept as far as it came. */
async function keep(
  deps: RunDeps,
  turn: TurnRow,
  setup: RunSetup,
  outcome: CallOutcome,
  hasCalls: boolean,
): Promise<void> {
  if ("message" in outcome) return write(deps, turn, setup, [outcome.message], true);
  const { partial } = outcome;
  const worthKeeping = partial.content.some((part) => part.type === "text" && part.text.trim() !== "");
  if (worthKeeping && !hasCalls) {
    const content = partial.content.filter((part) => part.type !== "toolCall");
    await write(deps, turn, setup, [{ ...partial, content, idempotencyKey: `${turn.id}:assistant` }], true);
  }
}

/** Step 5. */
async function answerCalls(
  deps: RunDeps,
  turn: TurnRow,
  setup: RunSetup,
  emitter: RunEmitter,
  batch: { calls: readonly ToolCallPart[]; signal: AbortSignal },
): Promise<void> {
  const results = await invoke({
    calls: batch.calls,
    tools: setup.tools,
    policy: deps.policy,
    act: setup.act,
    context: {
      runId: turn.id,
      sessionKey: turn.sessionKey,
      agentId: setup.agent.id,
      principal: turn.principal,
      workspace: setup.agent.workspace,
      confined: setup.confined,
      signal: batch.signal,
      platform: deps.platform,
      seesImages: setup.candidates[0]?.model.input.includes("image") ?? false,
    },
    use: deps.use,
    now: () => deps.platform.clock.now(),
    onEvent: (data) => emitter.emit("tool", data),
  });
  if (!deps.closing.aborted) await write(deps, turn, setup, results, false);
}

async function write(
  deps: RunDeps,
  turn: TurnRow,
  place: Place,
  messages: readonly Message[],
  durable: boolean,
): Promise<void> {
  const entries = await deps.contexts.append(place.ref, messages, {
    runId: turn.id,
    cwd: place.agent.workspace,
    durable,
  });
  for (const entry of entries) {
    deps.events.publish("session.message", {
      sessionKey: turn.sessionKey,
      agentId: place.agent.id,
      message: { ...entry.message, __openclaw: { id: entry.id, runId: turn.id } },
      messageId: entry.id,
      runId: turn.id,
    });
  }
}

function toolCalls(message: AssistantMessage): ToolCallPart[] {
  return message.content.filter((part): part is ToolCallPart => part.type === "toolCall");
}

function failed(outcome: Exclude<CallOutcome, { message: AssistantMessage }>, signal: AbortSignal): Ending {
  if (signal.aborted) return stopped(signal);
  const error = errors.MODEL_FAILED({ message: outcome.failure.message }).with({ details: { ...outcome.failure } });
  return { kind: "failed", error, failure: outcome.failure };
}

function stopped(signal: AbortSignal): Ending {
  const reason: unknown = signal.reason;
  if (reason instanceof StopRequest) return { kind: "aborted", stopReason: reason.stopReason };
  return { kind: "failed", error: reason };
}
