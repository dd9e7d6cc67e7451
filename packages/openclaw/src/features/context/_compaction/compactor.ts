/**
 * A compaction, from the wish to the new window.
 *
 *  1. Choose where to cut; nothing to summarise ends it here.
 *  2. Have the text written: by the engine in use, else by a model (`summarise.ts`).
 *  3. Write one entry to the transcript. Until then nothing has changed; from then on the new window holds, also
 *     after a crash.
 *  4. Count it on the session's row, and begin the file anew where that is wished. A crash before that leaves a
 *     count that the next compaction puts right.
 *
 * One at a time for a conversation: who asks meanwhile gets what the one under way comes to.
 */
import { errorText } from "../../../base/errors.ts";
import { uuid } from "../../../base/ids.ts";
import type { Log } from "../../../base/log.ts";
import type { ContextEngine } from "../../../contracts/context-engine.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { EventBus } from "../../../contracts/method.ts";
import type { Usage } from "../../../contracts/message.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { ModelsService } from "../../../models/index.ts";
import type { CompactionEntry, SessionRow } from "../../../store/index.ts";
import type { SessionsService } from "../../sessions/index.ts";
import type { Contexts, Conversation } from "../_conversations.ts";
import { planWindow } from "../_plan.ts";
import { detailsOf } from "../_record.ts";
import type { CompactionDetails } from "../_record.ts";
import { compactionOf } from "../_settings.ts";
import type { CompactionSettings } from "../_settings.ts";
import type { StoredMessage } from "../_stored.ts";
import { messageTokens } from "../_tokens.ts";
import { errors } from "../errors.ts";
import { chooseCut, isWorthwhile } from "./cut.ts";
import type { Cut } from "./cut.ts";
import { Writer } from "./model.ts";
import { refreshFrom } from "./refresh.ts";
import { summarise } from "./summarise.ts";
import type { SummaryAnswer } from "./summarise.ts";

export type CompactionReason = "overflow" | "threshold" | "bytes" | "precheck" | "manual";

export interface CompactionWish {
  readonly session: SessionRow;
  readonly config: ConfigSnapshot;
  /** Absolute. */
  readonly workspace: string;
  /** In the order in which they are asked; `compaction.model`, where it is set, is asked instead. Never empty. */
  readonly candidates: readonly Endpoint[];
  readonly reason: CompactionReason;
  readonly instructions?: string;
  /** The window as it was found to be. */
  readonly seen?: number;
  /** Tokens of the next request as it stands, and of prompt and schemas in it. */
  readonly tokensBefore: number;
  readonly fixed: number;
  /** How often it was tried already and did not suffice: less stays each time. */
  readonly harder?: number;
  readonly engine?: ContextEngine;
  readonly signal: AbortSignal;
}

export type CompactionOutcome =
  | {
      readonly compacted: true;
      readonly entry: CompactionEntry;
      readonly tokensBefore: number;
      readonly tokensAfter: number;
      readonly archived?: string;
    }
  | {
      readonly compacted: false;
      /** One line: why not. */
      readonly reason: string;
      /** It was tried and did not work; what was before holds. */
      readonly failed: boolean;
    };

export interface CompactorDeps {
  readonly platform: Platform;
  readonly conversations: Contexts;
  readonly sessions: SessionsService;
  readonly models: ModelsService;
  readonly events: EventBus;
  readonly log: Log;
  readonly prose: () => Promise<(name: string) => string>;
}

interface Written extends Pick<SummaryAnswer, "summary" | "minimal"> {
  readonly last: StoredMessage;
  readonly details: CompactionDetails;
  readonly usage?: Usage;
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
    const written = await this.#write(wish, conversation);
    if (written === undefined) return { compacted: false, reason: "nothing to compact", failed: false };
    wish.signal.throwIfAborted();
    const tokensAfter = this.#after(wish, conversation, written);
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
    await this.#count(session, { tokensAfter, count: details.count ?? 1, usage: written.usage });
    const archived = compactionOf(config).truncateAfterCompaction
      ? await conversations.rotate(ref).catch((error: unknown) => {
          log.warn("a transcript was not begun anew", { session: session.key, error: errorText(error) });
          return undefined;
        })
      : undefined;
    return {
      compacted: true,
      entry,
      tokensBefore: wish.tokensBefore,
      tokensAfter,
      ...(archived === undefined ? {} : { archived }),
    };
  }

  async #write(wish: CompactionWish, conversation: Conversation): Promise<Written | undefined> {
    const own = wish.engine?.compact ? await this.#byEngine(wish, conversation, wish.engine) : "built-in";
    if (own !== "built-in") return own;
    const settings = compactionOf(wish.config);
    const cut = this.#cut(wish, conversation, settings);
    if (cut === undefined || (wish.reason === "manual" && !isWorthwhile(cut))) return undefined;
    return this.#byModel(wish, conversation, { settings, cut });
  }

  #cut(wish: CompactionWish, { stored, compaction }: Conversation, settings: CompactionSettings): Cut | undefined {
    const records = compaction === undefined ? 0 : 1;
    const isHard = wish.reason === "manual" && settings.keepRecentTokens === undefined;
    if (isHard) return chooseCut(stored, { records, keepTokens: 0 });
    const { keepRecent, limit } = this.#plan(wish);
    const free = Math.max(500, limit - wish.fixed);
    let keepTokens = Math.floor(Math.min(keepRecent, free * MOST_KEPT) / 2 ** (wish.harder ?? 0));
    for (; keepTokens >= 1; keepTokens = Math.floor(keepTokens / 2)) {
      const cut = chooseCut(stored, { records, keepTokens });
      if (cut) return cut;
      if (wish.reason === "bytes") return undefined;
    }
    return undefined;
  }

  async #byModel(
    wish: CompactionWish,
    conversation: Conversation,
    { settings, cut }: { settings: CompactionSettings; cut: Cut },
  ): Promise<Written> {
    const { platform, models, prose } = this.#deps;
    const candidates = await this.#candidates(wish, settings);
    const late = new AbortController();
    const cancel = platform.clock.timer(settings.timeoutMs, () =>
      late.abort(errors.COMPACTION_TIMEOUT({ seconds: Math.round(settings.timeoutMs / 1000) })),
    );
    const { compaction } = conversation;
    const before = compaction ? detailsOf(compaction) : {};
    try {
      const writer = new Writer(
        { models, clock: platform.clock },
        {
          candidates,
          cacheKey: wish.session.entry.sessionId,
          signal: AbortSignal.any([wish.signal, late.signal]),
        },
      );
      const { facts, model, ...answer } = await summarise(writer, {
        history: cut.history.map(({ message }) => message),
        begun: cut.begun.map(({ message }) => message),
        ...(compaction ? { previous: compaction.summary } : {}),
        facts: before,
        settings,
        ...(wish.instructions === undefined ? {} : { instructions: wish.instructions }),
        window: Math.min(...candidates.map((each) => this.#plan(wish, each).window)),
        prose: await prose(),
      });
      const details = {
        readFiles: facts.readFiles,
        modifiedFiles: facts.modifiedFiles,
        ...(model === undefined ? {} : { model }),
        ...(await this.#common(wish, settings, cut.last)),
      };
      return { ...answer, last: cut.last, details };
    } finally {
      cancel();
    }
  }

  /** What the engine in use has to say; `built-in` when it failed. */
  async #byEngine(
    wish: CompactionWish,
    { stored, ref }: Conversation,
    engine: ContextEngine,
  ): Promise<Written | undefined | "built-in"> {
    try {
      const answer = await engine.compact?.({
        sessionKey: wish.session.key,
        ...ref,
        messages: stored.map(({ message }) => message),
        force: wish.reason === "manual",
        ...(wish.instructions === undefined ? {} : { instructions: wish.instructions }),
        tokensBefore: wish.tokensBefore,
        signal: wish.signal,
      });
      const last = answer && stored[answer.keepFrom - 1];
      if (!answer || !last) return undefined;
      const details = await this.#common(wish, compactionOf(wish.config), last);
      return { summary: answer.summary, minimal: false, last, details };
    } catch (error) {
      if (wish.signal.aborted) throw error;
      this.#deps.log.error("the context engine could not compact; the built-in one does", {
        engine: engine.id,
        error: errorText(error),
      });
      return "built-in";
    }
  }

  async #common(wish: CompactionWish, settings: CompactionSettings, last: StoredMessage): Promise<CompactionDetails> {
    const refresh = await refreshFrom(wish.workspace, {
      headings: settings.postCompactionSections,
      maxChars: Math.min(settings.postCompactionMaxChars, this.#plan(wish).window / 4),
    });
    return {
      ...(refresh === undefined ? {} : { refresh }),
      ...(last.runId === undefined ? {} : { runId: last.runId }),
    };
  }

  /** Throws `UNKNOWN_MODEL` and the like for a `compaction.model` that cannot be used. */
  async #candidates(
    { config, candidates }: CompactionWish,
    { model }: CompactionSettings,
  ): Promise<readonly Endpoint[]> {
    return model === undefined ? candidates : [await this.#deps.models.resolve(model, config)];
  }

  #plan({ candidates, config, seen }: CompactionWish, endpoint = candidates[0]) {
    return planWindow(endpoint!.model, config, seen);
  }

  #after({ fixed }: CompactionWish, { stored }: Conversation, { last, summary, details }: Written): number {
    const at = stored.findIndex(({ entryId }) => entryId === last.entryId);
    const kept = stored.slice(at + 1).reduce((sum, { message }) => sum + messageTokens(message), 0);
    return fixed + kept + Math.ceil((Buffer.byteLength(summary) + (details.refresh?.length ?? 0)) / 4) + RECORD_TOKENS;
  }

  async #count(
    session: SessionRow,
    { tokensAfter, count, usage }: { tokensAfter: number; count: number; usage: Usage | undefined },
  ): Promise<void> {
    const { sessions, log } = this.#deps;
    const bump =
      usage === undefined
        ? {}
        : {
            inputTokens: usage.input,
            outputTokens: usage.output,
            cacheRead: usage.cacheRead,
            cacheWrite: usage.cacheWrite,
            ...(usage.cost === undefined ? {} : { estimatedCostUsd: usage.cost.total }),
          };
    try {
      const now = await sessions.get(session.key);
      if (now?.entry.sessionId !== session.entry.sessionId) return;
      const set = { compactionCount: count, totalTokens: tokensAfter, updatedAt: now.entry.updatedAt };
      const row = await sessions.patch(session.key, { set, bump });
      if (row) sessions.changed(row, "compact");
    } catch (error) {
      log.warn("a compaction was not counted", { session: session.key, error: errorText(error) });
    }
  }
}

/** Share of what prompt and schemas leave that may stay as it is. */
const MOST_KEPT = 0.4;
/** The frame around a record. */
const RECORD_TOKENS = 80;
