/**
 * A compaction, from the wish to the new window.
 *
 *  1. Choose where to cut; nothing to summarise ends it here.
 *  2. Have the text written: by the engine in use, else by a model (`write.ts`, `summarise.ts`). What that used is
 *     booked whatever comes of it. Where somebody asked for it and it would gain nothing, it ends here.
 *  3. Write one entry to the transcript. Until then nothing has changed; from then on the new window holds, also
 *     after a crash.
 *  4. Count it on the session's row, and begin the file anew where that is wished. A crash before that leaves a
 *     count that the next compaction puts right.
 *
 * One at a time for a conversation: who asks meanwhile gets what the one under way comes to.
 */
import { errorText } from "../../../base/errors.ts";
import { uuid } from "../../../base/ids.ts";
import type { EventBus } from "../../../contracts/method.ts";
import type { SessionRow } from "../../../store/index.ts";
import type { SessionsService } from "../../sessions/index.ts";
import type { Contexts, Conversation } from "../_conversations.ts";
import type { CompactionDetails } from "../_record.ts";
import { compactionOf } from "../_settings.ts";
import { messageTokens } from "../_tokens.ts";
import type { CompactionOutcome, CompactionWish } from "./wish.ts";
import { write } from "./write.ts";
import type { WritingDeps, Written } from "./write.ts";

export interface CompactorDeps extends WritingDeps {
  readonly conversations: Contexts;
  readonly sessions: SessionsService;
  readonly events: EventBus;
  /** A transcript of this agent was begun anew. Nothing waits for it. */
  readonly rewritten: (agentId: string) => void;
}

export class Compactor {
  readonly #deps: CompactorDeps;
  readonly #underWay = new Map<string, Promise<CompactionOutcome>>();

  constructor(deps: CompactorDeps) {
    this.#deps = deps;
  }

  /** Never rejects: what went wrong is in the outcome. */
  compact(wish: CompactionWish): Promise<CompactionOutcome> {
    const key = wish.session.entry.sessionId;
    const known = this.#underWay.get(key);
    if (known) return known;
    const work = this.#operation(wish).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
    return work;
  }

  async #operation(wish: CompactionWish): Promise<CompactionOutcome> {
    const { platform, events, log } = this.#deps;
    const { session, reason } = wish;
    const operation = { operationId: uuid(platform.random), operation: "compact", sessionKey: session.key };
    const tell = (phase: string, more: Record<string, unknown> = {}) =>
      events.publish("session.operation", {
        ...operation,
        phase,
        agentId: session.agentId,
        ...more,
        ts: platform.clock.now(),
      });
    tell("start");
    try {
      const outcome = await this.#attempt(wish);
      tell("end", { completed: outcome.compacted, ...(outcome.compacted ? {} : { reason: outcome.reason }) });
      return outcome;
    } catch (error) {
      const why = wish.signal.aborted ? "stopped" : errorText(error);
      log.warn("a conversation was not compacted", { session: session.key, reason, error: why });
      tell("end", { completed: false, reason: wish.signal.aborted ? "stopped" : "failed" });
      return { compacted: false, reason: why, failed: true };
    }
  }

  async #attempt(wish: CompactionWish): Promise<CompactionOutcome> {
    const { conversations, log } = this.#deps;
    const { session, config } = wish;
    const ref = { agentId: session.agentId, sessionId: session.entry.sessionId };
    const conversation = await conversations.open(ref);
    const written = await write(this.#deps, wish, conversation);
    if (written === undefined) return { compacted: false, reason: "nothing to compact", failed: false };
    wish.signal.throwIfAborted();
    const tokensAfter = this.#after(wish, conversation, written);
    if (wish.reason === "manual" && tokensAfter >= wish.tokensBefore)
      return { compacted: false, reason: "a summary would be no shorter than the conversation", failed: false };
    const details: CompactionDetails = {
      ...written.details,
      count: conversation.compactions + 1,
      reason: wish.reason,
      messages: await conversations.total(ref),
      tokensAfter,
      ...(written.minimal ? { minimal: true } : {}),
    };
    const entry = await conversations.compact(
      ref,
      { summary: written.summary, tokensBefore: wish.tokensBefore, details: { ...details }, last: written.last },
      { cwd: wish.workspace },
    );
    if (entry === undefined) return { compacted: false, reason: "the conversation was reset meanwhile", failed: true };
    await this.#count(session, { tokensAfter, count: details.count ?? 1 });
    const archived = compactionOf(config).truncateAfterCompaction
      ? await conversations.rotate(ref).catch((error: unknown) => {
          log.warn("a transcript was not begun anew", { session: session.key, error: errorText(error) });
          return undefined;
        })
      : undefined;
    if (archived !== undefined) this.#deps.rewritten(session.agentId);
    return {
      compacted: true,
      entry,
      tokensBefore: wish.tokensBefore,
      tokensAfter,
      ...(archived === undefined ? {} : { archived }),
    };
  }

  #after({ fixed }: CompactionWish, { stored }: Conversation, { last, summary, details }: Written): number {
    const at = stored.findIndex(({ entryId }) => entryId === last.entryId);
    const kept = stored.slice(at + 1).reduce((sum, { message }) => sum + messageTokens(message), 0);
    return fixed + kept + Math.ceil((Buffer.byteLength(summary) + (details.refresh?.length ?? 0)) / 4) + RECORD_TOKENS;
  }

  async #count(session: SessionRow, { tokensAfter, count }: { tokensAfter: number; count: number }): Promise<void> {
    const { sessions, log } = this.#deps;
    try {
      const now = await sessions.get(session.key);
      if (now?.entry.sessionId !== session.entry.sessionId) return;
      const set = { compactionCount: count, totalTokens: tokensAfter, updatedAt: now.entry.updatedAt };
      const row = await sessions.patch(session.key, { set });
      if (row) sessions.changed(row, "compact");
    } catch (error) {
      log.warn("a compaction was not counted", { session: session.key, error: errorText(error) });
    }
  }
}

/** The frame around a record. */
const RECORD_TOKENS = 80;
