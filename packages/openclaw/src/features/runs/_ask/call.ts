/**
 * One model call of a run: retries while nothing was shown yet, then the next candidate. The stream
 * is passed on as it comes; what is returned is a finished message or a failure as data.
 */
import type { Clock } from "../../../base/time.ts";
import type { AssistantMessage } from "../../../contracts/message.ts";
import type {
  Endpoint,
  FailureClass,
  ModelFailure,
  ModelRequest,
  Sampling,
  ThinkingLevel,
} from "../../../contracts/model.ts";
import { thinkingAfter, thinkingFor } from "../../../models/index.ts";
import type { ModelsService } from "../../../models/index.ts";
import { ClientCalls } from "./client-calls.ts";
import type { RunEmitter } from "../_record/emitter.ts";
import type { View } from "../../context/index.ts";
import { isUnattended } from "../_setup/programs.ts";
import type { RunSetup } from "../_setup/setup.ts";
import { VisibleStream } from "../_reply/visible.ts";

export type CallOutcome =
  | { readonly message: AssistantMessage }
  | {
      readonly failure: ModelFailure;
      readonly partial: AssistantMessage;
      /** People have seen some of it. */
      readonly shown?: boolean;
    };

export interface CallDeps {
  readonly models: ModelsService;
  readonly clock: Clock;
  readonly emitter: RunEmitter;
  readonly signal: AbortSignal;
}

/** What the same model may be asked again for, and how often. */
const RETRIES: Partial<Record<FailureClass, number>> = { rate_limit: 2, overloaded: 3, server_error: 2, timeout: 1 };
/** Failures that another model may answer better. */
const NEXT_MODEL: ReadonlySet<FailureClass> = new Set([
  "rate_limit",
  "overloaded",
  "server_error",
  "timeout",
  "auth",
  "auth_permanent",
  "billing",
  "model_not_found",
  "unknown",
]);

/** What of the conversation a model is shown. */
export type ViewFor = (endpoint: Endpoint) => Promise<View>;

export async function callModel(deps: CallDeps, setup: RunSetup, view: ViewFor): Promise<CallOutcome> {
  const giveUpAt = deps.clock.monotonic() + setup.patienceMs;
  let outcome: CallOutcome | undefined;
  for (const [i, endpoint] of setup.candidates.entries()) {
    if (i > 0)
      deps.emitter.emit("lifecycle", { phase: "fallback_step", provider: endpoint.provider, model: endpoint.model.id });
    const attempt = await withRetries(deps, setup, { endpoint, view, giveUpAt });
    outcome = "message" in attempt.outcome ? attempt.outcome : { ...attempt.outcome, shown: attempt.shown };
    if ("message" in outcome || attempt.shown || deps.signal.aborted || !NEXT_MODEL.has(outcome.failure.class))
      return outcome;
  }
  if (!outcome) throw new Error("a run needs a model");
  return outcome;
}

async function withRetries(
  deps: CallDeps,
  setup: RunSetup,
  { endpoint, view, giveUpAt }: { endpoint: Endpoint; view: ViewFor; giveUpAt: number },
): Promise<{ outcome: CallOutcome; shown: boolean }> {
  let request = buildRequest(setup, endpoint, await view(endpoint), deps.signal);
  let easier: ThinkingLevel | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const startedAt = deps.clock.now();
    const { outcome, shown, firstAt } = await stream(deps, request, new ClientCalls(deps.emitter, setup.clientTools));
    deps.emitter.facts.model({ request, startedAt, firstAt, outcome });
    if ("message" in outcome || shown || deps.signal.aborted) return { outcome, shown };
    const { failure } = outcome;
    const level = easier === undefined ? thinkingAfter(failure, request.thinking) : undefined;
    if (level !== undefined) {
      easier = level;
      request = { ...request, thinking: level };
      continue;
    }
    if (attempt >= (RETRIES[failure.class] ?? 0)) return { outcome, shown };
    const wait = failure.retryAfterMs ?? Math.min(500 * 2 ** attempt, 8000);
    if (wait > setup.longestWaitMs || deps.clock.monotonic() + wait > giveUpAt) return { outcome, shown };
    try {
      await deps.clock.sleep(wait, deps.signal);
    } catch {
      return { outcome, shown };
    }
  }
}

function buildRequest(setup: RunSetup, endpoint: Endpoint, view: View, signal: AbortSignal): ModelRequest {
  return {
    endpoint,
    system: view.system,
    messages: view.messages,
    tools: setup.schemas,
    ...(setup.toolChoice === undefined ? {} : { toolChoice: setup.toolChoice }),
    ...setup.sampling,
    ...answerLimit(endpoint, setup.sampling, view),
    thinking: thinkingFor(endpoint.model, setup.thinking),
    cacheRetention: "short",
    cacheKey: setup.ref.sessionId,
    signal,
    idleMs: endpoint.timeoutMs ?? Math.min(120_000, setup.timeoutMs),
    ...(endpoint.program && {
      folder: setup.folder,
      unattended: isUnattended({ ...setup.act, confined: setup.confined }),
    }),
  };
}

/** Vendors to whom every request names a limit refuse one whose answer might not fit behind it. */
function answerLimit({ api, model }: Endpoint, { maxTokens }: Sampling, { answerRoom }: View): Sampling {
  const wanted = maxTokens ?? (api.startsWith("anthropic") ? Math.floor(model.contextWindow / 4) : 0);
  return wanted > answerRoom ? { maxTokens: answerRoom } : {};
}

async function stream(
  deps: CallDeps,
  request: ModelRequest,
  calls: ClientCalls,
): Promise<{ outcome: CallOutcome; shown: boolean; firstAt: number | undefined }> {
  const { emitter } = deps;
  let firstAt: number | undefined;
  const visible = new VisibleStream();
  let shown = false;
  let thinking = "";
  const show = (delta: string): void => {
    if (delta === "") return;
    shown = true;
    emitter.text(delta);
  };
  emitter.newMessage();
  emitter.emit("lifecycle", { phase: "model", provider: request.endpoint.provider, model: request.endpoint.model.id });
  for await (const event of deps.models.stream(request)) {
    if (event.type !== "start") firstAt ??= deps.clock.now();
    if (event.type === "text") show(visible.push(event.delta));
    else if (event.type === "thinking") {
      thinking += event.delta;
      emitter.emit("thinking", { delta: event.delta, text: thinking });
    } else if (event.type === "toolcall") {
      emitter.textEnds();
      if (calls.begin(event)) shown = true;
    } else if (event.type === "arguments") {
      calls.extend(event);
    } else if (event.type === "done") {
      show(visible.end());
      return { outcome: { message: event.message }, shown, firstAt };
    } else if (event.type === "error") {
      show(visible.end());
      return { outcome: { failure: event.failure, partial: event.partial }, shown, firstAt };
    }
  }
  throw new Error("the dialect ended without an outcome");
}
