/**
 * Hop 7: a turn becomes a run. The lane of its session is held from beginning to end.
 *
 * 1. Find agent and session, and open the conversation; the configuration of this moment holds to the end. Whatever
 *    an earlier attempt wrote and did not say is said (`_reply/speaker.ts`).
 * 2. Write what is asked to the transcript, with what the system has to tell before it (`_begin/begin.ts`).
 * 3. Resolve model, tools, skills and prompt (`_setup/setup.ts`).
 * 4. Tell what people wrote meanwhile for this run (`_steer.ts`; not before the first call), make room in the window,
 *    ask the model (`_ask/ask.ts`) and write its answer. People in a chat see it as it comes: typing, a preview, blocks.
 * 5. When it calls tools: run them through the gate (`invoke.ts`), write the results, go to 4. A call of a tool that
 *    the caller runs, a tool that ends the turn, and calls that go in circles (`_calls/loop.ts`) end the run.
 * 6. End: turn row, what is still to be said and session row change in one step (`_record/finish.ts`). Whoever waits
 *    for the turn is told.
 * 7. While the lane is still held: the conversation is made shorter if it has become too long (`_ask/room.ts`).
 *
 * A run that is found half done (the process died) continues at 2: what the transcript holds is kept,
 * calls without a result get one that says so. Every step leaves a fact (`_record/facts.ts`), which no
 * step waits for.
 */
import { Fault, errorText } from "../../base/errors.ts";
import { compact } from "../../base/text.ts";
import type { Log } from "../../base/log.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { AssistantMessage } from "../../contracts/message.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import type { ModelsService } from "../../models/index.ts";
import type { Store, TurnResult, TurnRow } from "../../store/index.ts";
import { limitsOf } from "../agents/index.ts";
import type { AgentsService } from "../agents/index.ts";
import type { ConfigService } from "../config/index.ts";
import type { ApprovalsService } from "../approvals/index.ts";
import type { PolicyService } from "../policy/index.ts";
import { StopRequest, contentLabels } from "../sessions/index.ts";
import type { LanesService, SessionsService, SystemEventsService } from "../sessions/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import { begin } from "./_begin/begin.ts";
import { ask } from "./_ask/ask.ts";
import { failedBy } from "./_ask/failed.ts";
import type { CallOutcome } from "./_ask/call.ts";
import { clientCalls } from "./_begin/client.ts";
import { delegated } from "../context/index.ts";
import type { ContextService, Contexts, StoredMessage } from "../context/index.ts";
import type { RunEmitter } from "./_record/emitter.ts";
import { consentOf } from "./_calls/consent.ts";
import { Deadline } from "./_deadline.ts";
import { finish } from "./_record/finish.ts";
import type { Ending } from "./_record/result.ts";
import { afterTurn, guardWindow } from "./_ask/room.ts";
import { Speaker } from "./_reply/speaker.ts";
import { openPlace, setUp } from "./_setup/setup.ts";
import type { Place, RunSetup } from "./_setup/setup.ts";
import { speak } from "./_reply/spoken.ts";
import type { Trailing } from "./_reply/trailing.ts";
import { tellSteering } from "./_steer.ts";
import { toolCalls, write } from "./_record/write.ts";
import { errors } from "./errors.ts";
import { invoke } from "./invoke.ts";
import { LoopGuard } from "./_calls/loop.ts";
import { withFittingPictures } from "./_calls/pictures.ts";
import { loopSettings } from "../policy/index.ts";

export interface RunDeps {
  readonly platform: Platform;
  readonly use: Use;
  readonly store: Store;
  readonly context: ContextService;
  /** Those of `context`. */
  readonly contexts: Contexts;
  readonly config: ConfigService;
  readonly agents: AgentsService;
  readonly sessions: SessionsService;
  readonly lanes: LanesService;
  readonly systemEvents: SystemEventsService;
  readonly models: ModelsService;
  readonly policy: PolicyService;
  readonly approvals: ApprovalsService;
  readonly outbound: OutboundService;
  readonly events: EventBus;
  readonly log: Log;
  /** What follows an answer without the next one waiting for it. */
  readonly trailing: Trailing;
  /** The gateway is stopping: leave the turn open for the next process. */
  readonly closing: AbortSignal;
}

const MAX_ATTEMPTS = 3;
const LONG_WAIT_MS = 2000;
const MAX_STEPS = 100;

/**
 * Resolves with what it came to, which `settled` is told before step 7; undefined when the gateway stops and the next process goes
 * on with it.
 */
export async function run(
  deps: RunDeps,
  turn: TurnRow,
  emitter: RunEmitter,
  stop: AbortSignal,
  settled: (result: TurnResult) => void = () => {},
): Promise<TurnResult | undefined> {
  emitter.emit("lifecycle", { phase: "start", startedAt: emitter.startedAt, ...longWait(turn) });
  emitter.facts.record("start", { attempt: turn.attempts, waitedMs: emitter.startedAt - turn.createdAt });
  let place: Place | undefined;
  let setup: RunSetup | undefined;
  let speaker: Speaker | undefined;
  let ending: Ending = { kind: "done" };
  let release = () => {};
  try {
    place = await openPlace(deps, turn);
    release = await deps.contexts.hold(place.ref, place.session.entry.contextTokens);
    deps.sessions.changed(place.session, "agent.run.started", turn.id);
    speaker = await Speaker.open(deps, turn, place);
    emitter.follow(speaker);
    const { stored, done, place: marked } = await begin(deps, turn, place);
    place = marked;
    const labels = contentLabels(place.session.entry);
    if (labels.length > 0) emitter.facts.record("content", { labels });
    if (turn.attempts > MAX_ATTEMPTS && !done) throw errors.RUN_INTERRUPTED();
    if (!done) {
      setup = await setUp(deps, turn, place);
      speaker?.ready(setup);
      guardWindow(deps, setup);
      ending = await converse(deps, { turn, setup, stored }, emitter, stop);
    }
  } catch (error) {
    if (!(error instanceof Fault))
      deps.log.error("a run failed", {
        run: turn.id,
        error: error instanceof Error ? (error.stack ?? error.message) : errorText(error),
      });
    ending = { kind: "failed", error };
  }
  try {
    if (deps.closing.aborted) return undefined;
    const result = await finish(deps, { turn, place, setup, speaker, emitter, ending });
    if (!result || !setup || ending.kind !== "done") return result;
    settled(result);
    const signal = AbortSignal.any([stop, deps.closing]);
    await Promise.all([afterTurn(deps, { turn, setup, emitter, signal }), speak(deps, { turn, setup })]);
    return result;
  } finally {
    speaker?.close();
    release();
  }
}

/** `queuedMs`: how long it waited for its place, when that is worth telling. */
function longWait({ createdAt, startedAt, attempts }: TurnRow): { queuedMs?: number } {
  const waited = (startedAt ?? createdAt) - createdAt;
  return attempts === 1 && waited > LONG_WAIT_MS ? { queuedMs: waited } : {};
}

/** Steps 4 and 5. */
async function converse(
  deps: RunDeps,
  { turn, setup, stored }: { turn: TurnRow; setup: RunSetup; stored: readonly StoredMessage[] },
  emitter: RunEmitter,
  stop: AbortSignal,
): Promise<Ending> {
  const deadline = new Deadline(deps.platform.clock, setup.timeoutMs, () =>
    errors.RUN_TIMEOUT({ seconds: Math.round(setup.timeoutMs / 1000) }),
  );
  const signal = AbortSignal.any([stop, deadline.signal, deps.closing]);
  const loop = new LoopGuard(loopSettings(setup.config, setup.agent.id));
  try {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      // An earlier process may have written such a message and died before it could say so.
      if (step > 0 || turn.attempts > 1) await tellSteering(deps, turn, setup, { stored, emitter });
      const outcome = await ask(deps, { turn, setup, emitter, signal, deadline, isFirst: step === 0 });
      if (deps.closing.aborted) return { kind: "left-open" };
      await keep(deps, turn, { setup, emitter, outcome });
      if (!("message" in outcome)) return failed(outcome, signal, deps.platform.clock.now());
      if (toolCalls(outcome.message).length === 0) return { kind: "done" };
      const goesOn = await answerCalls(deps, turn, setup, emitter, { answer: outcome.message, signal, deadline, loop });
      if (signal.aborted) return stopped(signal);
      if (goesOn === "loops") return { kind: "failed", error: errors.RUN_LOOPS() };
      if (goesOn === "ends") return { kind: "done" };
    }
    return { kind: "failed", error: errors.RUN_ENDLESS({ steps: MAX_STEPS }) };
  } finally {
    deadline.end();
  }
}

/** Writes what the model said; what was cut off is kept as far as it came. */
async function keep(
  deps: RunDeps,
  turn: TurnRow,
  { setup, emitter, outcome }: { setup: RunSetup; emitter: RunEmitter; outcome: CallOutcome },
): Promise<void> {
  if ("message" in outcome) await write(deps, turn, setup, [outcome.message], true);
  else {
    const { partial } = outcome;
    const worthKeeping = partial.content.some((part) => part.type === "text" && part.text.trim() !== "");
    if (!worthKeeping) return;
    const content = partial.content.filter((part) => part.type !== "toolCall");
    await write(deps, turn, setup, [{ ...partial, content, idempotencyKey: `${turn.id}:assistant` }], true);
  }
  await emitter.kept();
}

/** Step 5. `ends`: the caller has to run tools of its own, or a tool ended the turn. */
async function answerCalls(
  deps: RunDeps,
  turn: TurnRow,
  setup: RunSetup,
  emitter: RunEmitter,
  {
    answer,
    signal,
    deadline,
    loop,
  }: { answer: AssistantMessage; signal: AbortSignal; deadline: Deadline; loop: LoopGuard },
): Promise<"goes-on" | "ends" | "loops"> {
  const ofClient = clientCalls(turn, answer);
  const { results, endsTurn, loops } = await invoke({
    calls: toolCalls(answer).filter((call) => !ofClient.includes(call)),
    tools: setup.tools,
    policy: deps.policy,
    act: setup.act,
    consent: consentOf(deps, { turn, setup, emitter, signal, deadline }),
    context: {
      runId: turn.id,
      sessionKey: turn.sessionKey,
      agentId: setup.agent.id,
      principal: turn.principal,
      ...(turn.replyTo === undefined ? {} : { replyTo: turn.replyTo }),
      model: setup.modelRef,
      env: setup.env,
      workspace: setup.folder,
      confined: setup.confined,
      readable: setup.act.readRoots ?? [],
      signal,
      platform: deps.platform,
      seesImages: (setup.chain.current ?? setup.endpoint).model.input.includes("image"),
    },
    use: deps.use,
    fitPictures: (result) => withFittingPictures(deps.use, setup.config, result),
    ...compact({ maxResultChars: limitsOf(setup.config, setup.agent.id).toolResultMaxChars }),
    loop,
    now: () => deps.platform.clock.now(),
    onEvent: (data) => {
      emitter.emit("tool", data);
      emitter.facts.tool(data);
    },
  });
  const placeholders = ofClient.map((call) => delegated(call, deps.platform.clock.now()));
  if (!deps.closing.aborted) await write(deps, turn, setup, [...results, ...placeholders], false);
  return loops ? "loops" : ofClient.length === 0 && !endsTurn ? "goes-on" : "ends";
}

function failed(
  outcome: Exclude<CallOutcome, { message: AssistantMessage }>,
  signal: AbortSignal,
  now: number,
): Ending {
  if (signal.aborted) return stopped(signal);
  return { kind: "failed", error: failedBy(outcome.failure, outcome.attempts ?? [], now), failure: outcome.failure };
}

function stopped(signal: AbortSignal): Ending {
  const reason: unknown = signal.reason;
  if (reason instanceof StopRequest) return { kind: "aborted", stopReason: reason.stopReason };
  return { kind: "failed", error: reason };
}
