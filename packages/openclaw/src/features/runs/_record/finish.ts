/** Step 6 of a run: what it came to, in one durable step, then told to everybody who waits. */
import { Fault, errorText } from "../../../base/errors.ts";
import { patiently } from "../../../base/patience.ts";
import { compact, firstLine, shortened } from "../../../base/text.ts";
import { NOTICE, promptTokens, textOf } from "../../../contracts/message.ts";
import type { AssistantMessage } from "../../../contracts/message.ts";
import { usedWindow } from "../../../models/index.ts";
import type { NewPost, SessionPatch, SessionRow, TurnResult } from "../../../store/index.ts";
import { served } from "../../sessions/index.ts";
import { answersIn, resultsIn } from "../_reply/before.ts";
import { replies } from "../_reply/replies.ts";
import { FALLBACK, fallbackOf, fallbackTold } from "./fallback.ts";
import { resultOf } from "./result.ts";
import type { FinishedRun } from "./result.ts";
import { titleFrom } from "./title.ts";
import type { Told } from "./fallback.ts";
import { visibleText } from "../_reply/visible.ts";
import type { RunDeps } from "../run.ts";

/** What the run came to; undefined when it is left to the next process. */
export async function finish(deps: RunDeps, run: FinishedRun): Promise<TurnResult | undefined> {
  if (run.ending.kind === "left-open") return undefined;
  const now = deps.platform.clock.now();
  const stored = run.place ? await deps.contexts.load(run.place.ref) : [];
  const answers = answersIn(stored, run.turn.id);
  const result = resultOf(run, answers, now);
  const state = run.ending.kind === "done" ? "done" : run.ending.kind === "aborted" ? "aborted" : "failed";
  const told = fallbackTold(run);
  const said = await replies(deps, run, { result, answers, results: resultsIn(stored, run.turn.id) });
  const posts = [...said, ...noticePosts(deps, run, told?.line)];
  const session = run.place === undefined ? undefined : sessionPatch(run, { answers, result, now, told });
  run.emitter.facts.record("end", endFact(result, posts));
  await recordOrPostpone(deps, run, async () => {
    await deps.store.turns.finish(run.turn.id, { state, at: now, result, posts, ...(session ? { session } : {}) });
    for (const account of new Set(posts.map((post) => `${post.address.channel}:${post.address.account}`)))
      deps.outbound.wake(account);
    await run.speaker?.settled();
  });
  if (told?.line !== undefined && isWebchat(run)) await showNotice(deps, run, told.line);
  announce(run, result, answers, now);
  const row = await deps.sessions.get(run.turn.sessionKey);
  if (row) await keepLogin(deps, run, row);
  if (row) deps.sessions.changed(row, "agent.run.ended");
  return result;
}

/** The session keeps to the login that answered it, so that the provider's cache stays warm. */
async function keepLogin(deps: RunDeps, { setup, ending }: FinishedRun, { key, entry }: SessionRow): Promise<void> {
  if (ending.kind !== "done" || setup === undefined || setup.chain.reason !== undefined) return;
  const set = served(entry, setup.chain.current?.login?.id);
  if (set !== undefined) await deps.sessions.patch(key, { set });
}

function isWebchat({ turn }: FinishedRun): boolean {
  return turn.replyTo?.address.channel === "webchat";
}

/** After the answer; in web chat it becomes a message of the conversation instead. */
function noticePosts(deps: RunDeps, run: FinishedRun, line: string | undefined): readonly NewPost[] {
  const { turn } = run;
  if (line === undefined || !turn.replyTo || isWebchat(run)) return [];
  return deps.outbound.compose([line], turn.replyTo, {
    keyPrefix: `${turn.id}:fallback`,
    turnId: turn.id,
    at: deps.platform.clock.now(),
    literal: true,
  });
}

async function showNotice(deps: RunDeps, { place, turn }: FinishedRun, line: string): Promise<void> {
  if (!place) return;
  const { inject } = await import("../_history/inject.ts");
  await inject(deps, place.session, line, NOTICE).catch((error: unknown) =>
    deps.log.warn("a notice was not shown", { run: turn.id, error: errorText(error) }),
  );
}

function endFact(result: TurnResult, posts: readonly NewPost[]): Readonly<Record<string, unknown>> {
  const { status, stopReason, durationMs, usage, error, sessionId } = result;
  return compact({ status, stopReason, durationMs, usage, code: error?.code, sessionId, posts: posts.length });
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

interface Outcome {
  readonly answers: readonly AssistantMessage[];
  readonly result: TurnResult;
  readonly now: number;
  readonly told: Told | undefined;
}

function sessionPatch(run: FinishedRun, { answers, result, now, told }: Outcome): SessionPatch {
  const { usage } = result;
  const last = answers.at(-1);
  const prompt = last ? promptTokens(last.usage) + last.usage.output : undefined;
  return {
    set: compact({
      updatedAt: now,
      lastInteractionAt: run.turn.options.wake === undefined ? now : undefined,
      abortedLastRun: run.ending.kind === "aborted" ? true : null,
      ...lastRun(run, result, now),
      modelProvider: last?.provider,
      model: last?.model,
      contextTokens: run.setup && usedWindow(run.setup.endpoint.model, run.setup.config),
      systemPromptReport: newReport(run),
      [FALLBACK]: told?.kept,
      skillsSnapshot: run.setup?.skillsSnapshot,
      totalTokens: prompt,
      derivedTitle: run.place?.session.entry["derivedTitle"] ?? titleFrom(run.turn.text),
      lastMessagePreview: last ? shownLine(visibleText(textOf(last)), 120) : undefined,
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

/** What filled the prompt, where that is not what the row says already. */
function newReport({ setup, place }: FinishedRun): unknown {
  const known = JSON.stringify(place?.session.entry["systemPromptReport"]);
  return JSON.stringify(setup?.report) === known ? undefined : setup?.report;
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

/** Undefined where no line says anything. */
function shownLine(text: string, max: number): string | undefined {
  return shortened(firstLine(text), max) || undefined;
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
  const fallback = run.setup && fallbackOf(run.setup);
  if (fallback) emitter.emit("lifecycle", { phase: "fallback", ...fallback });
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
