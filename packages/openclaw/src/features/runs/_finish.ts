/** Step 6 of a run: what it came to, in one durable step, then told to everybody who waits. */
import { Fault, errorData, errorText } from "../../base/errors.ts";
import { patiently } from "../../base/patience.ts";
import { compact, cut } from "../../base/text.ts";
import { NO_USAGE, textOf } from "../../contracts/message.ts";
import type { AssistantMessage, ToolCallPart, Usage } from "../../contracts/message.ts";
import type { ModelFailure } from "../../contracts/model.ts";
import type { ClientCall, SessionPatch, TurnResult, TurnRow } from "../../store/index.ts";
import type { RunEmitter } from "./_emitter.ts";
import { CLIENT, clientCalls } from "./_client.ts";
import type { Place, RunSetup } from "./_setup.ts";
import { visibleText } from "./_visible.ts";
import type { RunDeps } from "./run.ts";

export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "aborted"; readonly stopReason: string }
  | { readonly kind: "failed"; readonly error: unknown; readonly failure?: ModelFailure }
  | { readonly kind: "left-open" };

export interface FinishedRun {
  readonly turn: TurnRow;
  /** Absent when not even the session could be opened. */
  readonly place: Place | undefined;
  /** Absent when the run failed before it was set up, or had nothing left to ask. */
  readonly setup: RunSetup | undefined;
  readonly emitter: RunEmitter;
  readonly ending: Ending;
}

/** What the run came to; undefined when it is left to the next process. */
export async function finish(deps: RunDeps, run: FinishedRun): Promise<TurnResult | undefined> {
  if (run.ending.kind === "left-open") return undefined;
  const now = deps.platform.clock.now();
  const answers = await answersOf(deps, run);
  const result = resultOf(run, answers, now);
  const state = run.ending.kind === "done" ? "done" : run.ending.kind === "aborted" ? "aborted" : "failed";
  const posts = replies(deps, run, result, now);
  const session = run.place === undefined ? undefined : sessionPatch(run, { answers, result, now });
  await recordOrPostpone(deps, run, async () => {
    await deps.store.turns.finish(run.turn.id, { state, at: now, result, posts, ...(session ? { session } : {}) });
    for (const account of new Set(posts.map((post) => `${post.address.channel}:${post.address.account}`)))
      deps.outbound.wake(account);
  });
  announce(run, result, answers, now);
  const row = await deps.sessions.get(run.turn.sessionKey);
  if (row) deps.sessions.changed(row, "agent.run.ended");
  return result;
}

/**
 * A store that cannot be written now (disk full) must not keep the people who wait from being told: the
 * outcome is recorded as soon as it can be. When the process ends before that, the next one takes the turn up.
 */
async function recordOrPostpone(deps: RunDeps, run: FinishedRun, record: () => Promise<void>): Promise<void> {
  try {
    await record();
  } catch (error) {
    deps.log.error("the outcome of a run cannot be recorded yet", { run: run.turn.id, error: errorText(error) });
    patiently(deps.platform.clock, deps.closing, record).catch((last: unknown) =>
      deps.log.error("the outcome of a run was not recorded", { run: run.turn.id, error: errorText(last) }),
    );
  }
}

/** Assistant messages that this run wrote, those of an earlier process included. */
async function answersOf(deps: RunDeps, run: FinishedRun): Promise<readonly AssistantMessage[]> {
  if (!run.place) return [];
  const stored = await deps.contexts.load(run.place.ref);
  return stored.flatMap(({ message, runId }) =>
    runId === run.turn.id && message.role === "assistant" && message.provider !== CLIENT ? [message] : [],
  );
}

function resultOf(run: FinishedRun, answers: readonly AssistantMessage[], now: number): TurnResult {
  const { ending, turn } = run;
  const last = answers.at(-1);
  const error = ending.kind === "failed" ? errorData(ending.error) : undefined;
  return compact({
    status:
      ending.kind === "done"
        ? "ok"
        : ending.kind === "aborted"
          ? "aborted"
          : error?.code === "RUN_TIMEOUT"
            ? "timeout"
            : "error",
    stopReason:
      ending.kind === "aborted" ? ending.stopReason : ending.kind === "done" ? (last?.stopReason ?? "stop") : "error",
    texts: answers.map((message) => visibleText(textOf(message))).filter((text) => text !== ""),
    calls: ending.kind === "done" && last ? handedOver(clientCalls(turn, last)) : undefined,
    error:
      error === undefined
        ? undefined
        : compact({
            code: error.code,
            message: error.remedy === undefined ? error.message : `${asSentence(error.message)} ${error.remedy}`,
            ...blame(ending),
          }),
    usage: total(answers),
    provider: last?.provider ?? run.setup?.candidates[0]?.provider,
    model: last?.model ?? run.setup?.candidates[0]?.model.id,
    sessionId: run.place?.ref.sessionId ?? "",
    durationMs: now - (turn.startedAt ?? now),
    counts: { assistant: answers.length, tools: countTools(answers) },
  }) as TurnResult;
}

function handedOver(calls: readonly ToolCallPart[]): readonly ClientCall[] | undefined {
  if (calls.length === 0) return undefined;
  return calls.map((call) => ({
    id: call.id,
    name: call.name,
    arguments: call.malformed ?? JSON.stringify(call.arguments),
  }));
}

function countTools(answers: readonly AssistantMessage[]): Record<string, number> {
  const names = answers.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === "toolCall" ? [part.name] : [])),
  );
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, those]) => [name, those.length]));
}

/** What surfaces with answers of their own (HTTP) decide by. */
function blame(ending: Ending): Pick<NonNullable<TurnResult["error"]>, "status" | "failure"> {
  if (ending.kind !== "failed") return {};
  const { class: kind, status, retryAfterMs } = ending.failure ?? {};
  return {
    ...(ending.error instanceof Fault ? { status: ending.error.status } : {}),
    ...(kind === undefined ? {} : { failure: compact({ class: kind, status, retryAfterMs }) }),
  };
}

/** What a vendor said may lack its full stop. */
function asSentence(text: string): string {
  return /[.!?…)\]"']$/.test(text) ? text : `${text}.`;
}

function replies(deps: RunDeps, run: FinishedRun, result: TurnResult, now: number) {
  const { turn } = run;
  if (!turn.replyTo || turn.options.deliver === false) return [];
  const texts = [...result.texts, ...(result.error ? [`⚠️ ${result.error.message}`] : [])];
  return deps.outbound.compose(texts, turn.replyTo, { keyPrefix: turn.id, turnId: turn.id, at: now });
}

function sessionPatch(
  run: FinishedRun,
  { answers, result, now }: { answers: readonly AssistantMessage[]; result: TurnResult; now: number },
): SessionPatch {
  const usage = total(answers);
  const last = answers.at(-1);
  const prompt = last ? last.usage.input + last.usage.cacheRead + last.usage.cacheWrite + last.usage.output : undefined;
  return {
    set: compact({
      updatedAt: now,
      lastInteractionAt: run.turn.options.wake === undefined ? now : undefined,
      abortedLastRun: run.ending.kind === "aborted" ? true : null,
      ...lastRun(run, result, now),
      modelProvider: last?.provider,
      model: last?.model,
      contextTokens: run.setup?.candidates[0]?.model.contextWindow,
      totalTokens: prompt,
      derivedTitle: run.place?.session.entry["derivedTitle"] ?? firstLine(run.turn.text, 80),
      lastMessagePreview: last ? firstLine(visibleText(textOf(last)), 120) : undefined,
      ...(run.turn.replyTo && run.turn.replyTo.address.channel !== "webchat"
        ? {
            lastChannel: run.turn.replyTo.address.channel,
            lastTo: run.turn.replyTo.address.chat,
            lastAccountId: run.turn.replyTo.address.account,
          }
        : {}),
    }),
    bump: compact({
      inputTokens: usage.input,
      outputTokens: usage.output,
      cacheRead: usage.cacheRead,
      cacheWrite: usage.cacheWrite,
      estimatedCostUsd: usage.cost?.total,
    }),
  };
}

/** How the newest run of the session ended, as lists show it. */
function lastRun({ turn, emitter }: FinishedRun, { status, error }: TurnResult, now: number): Record<string, unknown> {
  return {
    lastRunId: turn.id,
    status: { ok: "done", aborted: "killed", timeout: "timeout", error: "failed" }[status],
    startedAt: emitter.startedAt,
    endedAt: now,
    runtimeMs: now - emitter.startedAt,
    lastRunError: error?.message ?? null,
  };
}

/** The first line that says something, cut to `max` characters; undefined when none does. */
function firstLine(text: string, max: number): string | undefined {
  const line = text
    .split("\n")
    .find((candidate) => candidate.trim() !== "")
    ?.trim();
  if (line === undefined) return undefined;
  return line.length <= max ? line : `${cut(line, max - 1)}…`;
}

function announce(run: FinishedRun, result: TurnResult, answers: readonly AssistantMessage[], now: number): void {
  const { emitter, ending } = run;
  if (ending.kind === "failed") {
    const detail = ending.failure ?? (ending.error instanceof Fault ? { code: ending.error.code } : undefined);
    emitter.emit(
      "lifecycle",
      compact({
        phase: "error",
        error: result.error?.message,
        errorCode: result.error?.code,
        errorDetail: detail && { provider: result.provider, model: result.model, ...detail },
        startedAt: emitter.startedAt,
        endedAt: now,
      }),
    );
    return;
  }
  const last = answers.at(-1);
  const text = last ? visibleText(textOf(last)) : "";
  emitter.emit(
    "lifecycle",
    compact({
      phase: "end",
      startedAt: emitter.startedAt,
      endedAt: now,
      stopReason: result.stopReason,
      aborted: ending.kind === "aborted",
      texts: result.texts,
      message:
        text === ""
          ? undefined
          : { role: "assistant", content: [{ type: "text", text }], timestamp: last?.timestamp ?? now },
      usage: result.usage,
    }),
  );
}

function total(messages: readonly AssistantMessage[]): Usage {
  return messages.reduce<Usage>((sum, { usage }) => {
    const cost =
      usage.cost === undefined
        ? sum.cost
        : {
            input: (sum.cost?.input ?? 0) + usage.cost.input,
            output: (sum.cost?.output ?? 0) + usage.cost.output,
            cacheRead: (sum.cost?.cacheRead ?? 0) + usage.cost.cacheRead,
            cacheWrite: (sum.cost?.cacheWrite ?? 0) + usage.cost.cacheWrite,
            total: (sum.cost?.total ?? 0) + usage.cost.total,
          };
    return {
      input: sum.input + usage.input,
      output: sum.output + usage.output,
      cacheRead: sum.cacheRead + usage.cacheRead,
      cacheWrite: sum.cacheWrite + usage.cacheWrite,
      totalTokens: sum.totalTokens + usage.totalTokens,
      ...(cost ? { cost } : {}),
    };
  }, NO_USAGE);
}
