/** Steps 1 and 2 of a compaction: where to cut, and the text of the record, by the engine in use, else by a model. */
import { errorText } from "../../../base/errors.ts";
import type { Log } from "../../../base/log.ts";
import type { ContextEngine } from "../../../contracts/context-engine.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { Answer, ModelsService } from "../../../models/index.ts";
import type { UsageBooks } from "../../../store/index.ts";
import type { Conversation } from "../_conversations.ts";
import { planWindow } from "../_plan.ts";
import { detailsOf } from "../_record.ts";
import type { CompactionDetails } from "../_record.ts";
import { compactionOf } from "../_settings.ts";
import type { CompactionSettings } from "../_settings.ts";
import type { StoredMessage } from "../_stored.ts";
import { errors } from "../errors.ts";
import { chooseCut, isWorthwhile } from "./cut.ts";
import type { Cut } from "./cut.ts";
import { Writer } from "./model.ts";
import { refreshFrom } from "./refresh.ts";
import { summarise } from "./summarise.ts";
import type { SummaryAnswer } from "./summarise.ts";
import type { CompactionWish } from "./wish.ts";

export interface WritingDeps {
  readonly platform: Platform;
  readonly models: ModelsService;
  readonly usage: Pick<UsageBooks, "add">;
  readonly log: Log;
  readonly prose: () => Promise<(name: string) => string>;
}

export interface Written extends Pick<SummaryAnswer, "summary" | "minimal"> {
  readonly last: StoredMessage;
  readonly details: CompactionDetails;
}

/** Share of what prompt and schemas leave that may stay as it is. */
const MOST_KEPT = 0.4;

/** Undefined where there is nothing to summarise. Throws what the writer throws. */
export async function write(
  deps: WritingDeps,
  wish: CompactionWish,
  conversation: Conversation,
): Promise<Written | undefined> {
  const own = wish.engine?.compact ? await byEngine(deps, wish, { conversation, engine: wish.engine }) : "built-in";
  if (own !== "built-in") return own;
  const settings = compactionOf(wish.config);
  const cut = cutFor(wish, conversation, settings);
  if (cut === undefined || (wish.reason === "manual" && !isWorthwhile(cut))) return undefined;
  return byModel(deps, wish, { conversation, settings, cut });
}

function cutFor(
  wish: CompactionWish,
  { stored, compaction }: Conversation,
  settings: CompactionSettings,
): Cut | undefined {
  const records = compaction === undefined ? 0 : 1;
  const isHard = wish.reason === "manual" && settings.keepRecentTokens === undefined;
  if (isHard) return chooseCut(stored, { records, keepTokens: 0 });
  const { keepRecent, limit } = plan(wish);
  const free = Math.max(500, limit - wish.fixed);
  let keepTokens = Math.floor(Math.min(keepRecent, free * MOST_KEPT) / 2 ** (wish.harder ?? 0));
  for (; keepTokens >= 1; keepTokens = Math.floor(keepTokens / 2)) {
    const cut = chooseCut(stored, { records, keepTokens });
    if (cut) return cut;
    if (wish.reason === "bytes") return undefined;
  }
  return undefined;
}

async function byModel(
  deps: WritingDeps,
  wish: CompactionWish,
  { conversation, settings, cut }: { conversation: Conversation; settings: CompactionSettings; cut: Cut },
): Promise<Written> {
  const { platform, models, prose } = deps;
  const candidates = await candidatesOf(models, wish, settings);
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
        config: wish.config,
        cacheKey: wish.session.entry.sessionId,
        forOwner: wish.forOwner,
        signal: AbortSignal.any([wish.signal, late.signal]),
        spent: (answer) => book(deps, wish, answer),
      },
    );
    const { facts, model, ...answer } = await summarise(writer, {
      history: cut.history.map(({ message }) => message),
      begun: cut.begun.map(({ message }) => message),
      ...(compaction ? { previous: compaction.summary } : {}),
      facts: before,
      settings,
      ...(wish.instructions === undefined ? {} : { instructions: wish.instructions }),
      window: Math.min(...candidates.map((each) => plan(wish, each).window)),
      prose: await prose(),
    });
    const details = {
      readFiles: facts.readFiles,
      modifiedFiles: facts.modifiedFiles,
      ...(model === undefined ? {} : { model }),
      ...(await common(wish, settings, cut.last)),
    };
    return { ...answer, last: cut.last, details };
  } finally {
    cancel();
  }
}

/** Books that cannot be written keep no summary from being. */
async function book({ platform, usage: books, log }: WritingDeps, wish: CompactionWish, answer: Answer): Promise<void> {
  const { key, agentId, entry } = wish.session;
  const { usage, model: ref } = answer;
  const slash = ref.indexOf("/");
  await books
    .add({
      at: platform.clock.now(),
      agentId,
      sessionKey: key,
      sessionId: entry.sessionId,
      provider: ref.slice(0, slash),
      model: ref.slice(slash + 1),
      usage,
    })
    .catch((error: unknown) => log.warn("what a summary used was not booked", { error: errorText(error) }));
}

/** What the engine in use has to say; `built-in` when it failed. */
async function byEngine(
  { log }: WritingDeps,
  wish: CompactionWish,
  { conversation: { stored, ref }, engine }: { conversation: Conversation; engine: ContextEngine },
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
    const details = await common(wish, compactionOf(wish.config), last);
    return { summary: answer.summary, minimal: false, last, details };
  } catch (error) {
    if (wish.signal.aborted) throw error;
    log.error("the context engine could not compact; the built-in one does", {
      engine: engine.id,
      error: errorText(error),
    });
    return "built-in";
  }
}

async function common(
  wish: CompactionWish,
  settings: CompactionSettings,
  last: StoredMessage,
): Promise<CompactionDetails> {
  const refresh = await refreshFrom(wish.workspace, {
    headings: settings.postCompactionSections,
    maxChars: Math.min(settings.postCompactionMaxChars, plan(wish).window / 4),
  });
  return {
    ...(refresh === undefined ? {} : { refresh }),
    ...(last.runId === undefined ? {} : { runId: last.runId }),
  };
}

/** Throws `UNKNOWN_MODEL` and the like for a `compaction.model` that cannot be used. */
async function candidatesOf(
  models: ModelsService,
  { config, candidates, session }: CompactionWish,
  { model }: CompactionSettings,
): Promise<readonly Endpoint[]> {
  return model === undefined ? candidates : [await models.resolve(model, config, { agentId: session.agentId })];
}

function plan({ candidates, config, seen }: CompactionWish, endpoint = candidates[0]) {
  return planWindow(endpoint!.model, config, seen);
}
