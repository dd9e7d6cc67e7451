/**
 * Room in the window of the model, before, during and after a run.
 *
 * - Before the first call: notes are written when the window is nearly full, and the conversation is summarised when
 *   it is, or when its file is larger than wished. As a rule that was done after the turn before; a crash, or a long
 *   message, leaves it for now.
 * - Between calls: the same, where `midTurnPrecheck` is on.
 * - After a call that the provider refused as too long: what fits is found out anew, the conversation is summarised,
 *   and the call is made again. Where that does not work the newest part is sent, and people are told.
 * - After the turn, when the answer is on its way and only the lane is still taken.
 */
import { errorText } from "../../../base/errors.ts";
import { patiently } from "../../../base/patience.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { TurnRow } from "../../../store/index.ts";
import {
  assertWindow,
  compactionOf,
  contextTokens,
  fixedTokens,
  planWindow,
  SMALL_WINDOW,
} from "../../context/index.ts";
import type { CompactionOutcome, CompactionReason, Conversation, WindowPlan } from "../../context/index.ts";
import type { Deadline } from "../_deadline.ts";
import { mayUsePrograms } from "../_setup/programs.ts";
import type { RunEmitter } from "../_record/emitter.ts";
import type { RunSetup } from "../_setup/setup.ts";
import type { RunDeps } from "../run.ts";

export interface RoomFor {
  readonly turn: TurnRow;
  readonly setup: RunSetup;
  readonly emitter: RunEmitter;
  readonly signal: AbortSignal;
  /** Stands still while room is made. */
  readonly deadline?: Deadline;
}

interface Fullness {
  readonly conversation: Conversation;
  readonly tokens: number;
  readonly fixed: number;
  readonly plan: WindowPlan;
}

/** Refuses a model whose window is too small for any work. Throws `CONTEXT_WINDOW_TOO_SMALL`. */
export function guardWindow(deps: RunDeps, { endpoint, config, modelRef }: RunSetup): void {
  assertWindow(endpoint.model, config);
  const { window } = planWindow(endpoint.model, config);
  if (window < SMALL_WINDOW) deps.log.debug("the window of the model is small", { model: modelRef, window });
}

/** Before a call of the model. */
export async function makeRoom(deps: RunDeps, room: RoomFor, isFirst: boolean): Promise<void> {
  const { setup } = room;
  const settings = compactionOf(setup.config);
  if ((!isFirst && !settings.midTurnPrecheck) || ownsCompaction(deps, setup)) return;
  const full = await fullness(deps, setup);
  if (isFirst) await flushIfDue(deps, room, full);
  if (isFull(full)) await compact(deps, room, { full, reason: isFirst ? "threshold" : "precheck" });
  else if (isFirst && (await isFileTooLarge(deps, setup))) await compact(deps, room, { full, reason: "bytes" });
}

/** After a refusal: whether the call is worth making again. */
export async function afterRefusal(deps: RunDeps, room: RoomFor, nth: number): Promise<boolean> {
  const { setup, signal } = room;
  const conversation = await deps.contexts.open(setup.ref);
  deps.context.views.refused(conversation, asked(setup));
  if (ownsCompaction(deps, setup)) return !signal.aborted;
  const full = await fullness(deps, setup);
  const outcome = await compact(deps, room, { full, reason: "overflow", harder: nth });
  if (!outcome.compacted && outcome.failed && !signal.aborted && nth === 0)
    await notice(
      deps,
      room,
      "shortened",
      `⚠️ The conversation could not be summarised; older messages are left out for now.`,
    );
  return !signal.aborted;
}

/** After the turn: its answer is on its way. Never rejects. */
export async function afterTurn(deps: RunDeps, room: RoomFor): Promise<void> {
  const { setup, signal } = room;
  try {
    await tellEngine(deps, room);
    if (signal.aborted || ownsCompaction(deps, setup)) return;
    const full = await fullness(deps, setup);
    await flushIfDue(deps, room, full);
    if (isFull(full) && !signal.aborted) await compact(deps, room, { full, reason: "threshold" });
  } catch (error) {
    deps.log.error("no room was made after a turn", { run: room.turn.id, error: errorText(error) });
  }
}

/** The model that is asked now: a fallback's window may be another. */
function asked({ chain, endpoint }: RunSetup): Endpoint {
  return chain.current ?? endpoint;
}

async function fullness(deps: RunDeps, setup: RunSetup): Promise<Fullness> {
  const { ref, system, schemas, config } = setup;
  const conversation = await deps.contexts.open(ref);
  const fixed = fixedTokens(system, schemas);
  const shown = deps.context.views.shown(conversation);
  const chosen = asked(setup);
  return {
    conversation,
    fixed,
    tokens: contextTokens(conversation, { fixed, ...(shown === undefined ? {} : { shown }) }),
    plan: planWindow(chosen.model, config, deps.context.views.seen(conversation, chosen)),
  };
}

/** Share of what is there that the conversation must have: a prompt that fills the window is not helped by a summary. */
const LEAST_SHARE = 0.2;

function isFull({ tokens, fixed, plan }: Fullness): boolean {
  return tokens > plan.limit && tokens - fixed > plan.limit * LEAST_SHARE;
}

function ownsCompaction(deps: RunDeps, { config }: RunSetup): boolean {
  return deps.context.views.engine(config)?.ownsCompaction === true;
}

async function isFileTooLarge(deps: RunDeps, { config, ref }: RunSetup): Promise<boolean> {
  const { truncateAfterCompaction, maxActiveTranscriptBytes } = compactionOf(config);
  if (!truncateAfterCompaction || maxActiveTranscriptBytes === undefined) return false;
  return (await deps.contexts.bytes(ref)) >= maxActiveTranscriptBytes;
}

async function compact(
  deps: RunDeps,
  room: RoomFor,
  { full, reason, harder = 0 }: { full: Fullness; reason: CompactionReason; harder?: number },
): Promise<CompactionOutcome> {
  const { turn, setup, emitter, signal, deadline } = room;
  const goOn = deadline?.pause();
  const began = deps.platform.clock.monotonic();
  emitter.emit("compaction", { phase: "start" });
  await notice(deps, room, `start:${full.conversation.compactions}`, "🧹 Compacting the conversation…");
  try {
    const engine = deps.context.views.engine(setup.config);
    const seen = deps.context.views.seen(full.conversation, asked(setup));
    const outcome = await deps.context.makeRoom({
      session: setup.session,
      config: setup.config,
      workspace: setup.agent.workspace,
      candidates: await setup.chain.endpoints(),
      reason,
      ...(seen === undefined ? {} : { seen }),
      tokensBefore: full.tokens,
      fixed: full.fixed,
      harder,
      ...(engine === undefined ? {} : { engine }),
      forOwner: mayUsePrograms(setup.act),
      signal,
    });
    emitter.emit("compaction", { phase: "end", willRetry: reason === "overflow", completed: outcome.compacted });
    emitter.facts.record("compaction", {
      reason,
      completed: outcome.compacted,
      tokensBefore: full.tokens,
      ...(outcome.compacted
        ? { tokensAfter: outcome.tokensAfter, entryId: outcome.entry.id }
        : { why: outcome.reason }),
      ms: deps.platform.clock.monotonic() - began,
    });
    if (outcome.compacted) await tellCompleted(deps, room, full);
    else if (outcome.failed) deps.log.warn("a run goes on without a summary", { run: turn.id, why: outcome.reason });
    return outcome;
  } finally {
    goOn?.();
  }
}

async function tellCompleted(deps: RunDeps, room: RoomFor, { conversation }: Fullness): Promise<void> {
  const { compactions } = conversation;
  await notice(deps, room, `end:${compactions}`, `🧹 Auto-compaction complete (count ${compactions}).`);
}

/** A line in the chat, where people want to know: `notifyUser`, and the end also with `/verbose`. */
async function notice(deps: RunDeps, { turn, setup }: RoomFor, id: string, text: string): Promise<void> {
  const { notifyUser } = compactionOf(setup.config);
  const verbose = setup.session.entry.verboseLevel;
  const wanted = notifyUser || id === "shortened" || (id.startsWith("end") && (verbose === "on" || verbose === "full"));
  const { replyTo, options } = turn;
  if (!wanted || !replyTo || options.deliver === false || options.silent) return;
  try {
    const posts = deps.outbound.compose([text], replyTo, {
      keyPrefix: `${turn.id}:compaction:${id}`,
      turnId: turn.id,
      at: deps.platform.clock.now(),
      literal: true,
    });
    await deps.store.outbox.post(posts);
    deps.outbound.wake(`${replyTo.address.channel}:${replyTo.address.account}`);
  } catch (error) {
    deps.log.warn("a notice was not sent", { run: turn.id, error: errorText(error) });
  }
}

async function flushIfDue(deps: RunDeps, room: RoomFor, { conversation, tokens, plan }: Fullness): Promise<void> {
  if (tokens < plan.flushFrom) return;
  const { flush, isDue } = await import("./flush.ts");
  if (!(await isDue(deps, room, conversation))) return;
  const goOn = room.deadline?.pause();
  try {
    await flush(deps, room, conversation);
  } catch (error) {
    deps.log.warn("no notes were written before a compaction", { run: room.turn.id, error: errorText(error) });
  } finally {
    goOn?.();
  }
  if (room.signal.aborted) return;
  const set = { memoryFlushAt: deps.platform.clock.now(), memoryFlushCompactionCount: conversation.compactions };
  await patiently(deps.platform.clock, deps.closing, () => deps.sessions.patch(room.turn.sessionKey, { set })).catch(
    (error: unknown) => deps.log.warn("a flush was not recorded", { error: errorText(error) }),
  );
}

async function tellEngine(deps: RunDeps, { turn, setup }: RoomFor): Promise<void> {
  const engine = deps.context.views.engine(setup.config);
  if (!engine?.afterTurn) return;
  const { ref } = setup;
  const messages = (await deps.contexts.ofRun(ref, turn.id)).map(({ message }) => message);
  void Promise.resolve(engine.afterTurn({ sessionKey: turn.sessionKey, ...ref, messages })).catch((error: unknown) =>
    deps.log.warn("a context engine failed after a turn", { engine: engine.id, error: errorText(error) }),
  );
}
