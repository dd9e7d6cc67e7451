/** Whether an answer is spoken, and with which words. */
import { errorText } from "../../../base/errors.ts";
import type { Log } from "../../../base/log.ts";
import type { Clock } from "../../../base/time.ts";
import { answerOf } from "../../../models/index.ts";
import type { ModelsService } from "../../../models/index.ts";
import type { Answer } from "../index.ts";
import { SHORTEST, cutAtSentence, speakable } from "./clean.ts";
import type { VoiceWishes } from "./provider.ts";
import type { SpeechSettings } from "./settings.ts";
import { spokenIn } from "./tags.ts";

export interface DecideDeps {
  readonly models: Pick<ModelsService, "resolve" | "defaultRef" | "stream">;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Decided {
  readonly text: string;
  readonly provider?: string;
  readonly wishes: VoiceWishes;
}

/** Undefined: the answer stays text alone. */
export async function textToSpeak(
  deps: DecideDeps,
  answer: Answer,
  settings: SpeechSettings,
): Promise<Decided | undefined> {
  const mode = settings.auto;
  if (mode === "off" || (mode === "inbound" && !answer.heard) || answer.hasMedia) return undefined;
  const whole = settings.whole ? [...(answer.before ?? []), answer.text].join("\n\n") : answer.text;
  const { tagged, text: told, provider, wishes } = spokenIn(whole, settings.overrides);
  if (mode === "tagged" && !tagged) return undefined;
  const words = speakable(told ?? withoutTags(whole));
  if (words.length < SHORTEST) return undefined;
  const fitting = words.length > settings.maxLength ? await shortened(deps, words, answer, settings) : words;
  if (fitting === undefined) return undefined;
  const text = cutAtSentence(fitting, settings.maxTextLength);
  return { text, wishes, ...(provider === undefined ? {} : { provider }) };
}

/** What of an answer is read, without tags of any kind. */
export function plainAnswer(text: string): string {
  return withoutTags(text).trim();
}

function withoutTags(text: string): string {
  return text
    .replace(/\[\[\s*tts:text\s*\]\][\s\S]*?(?:\[\[\s*\/tts:text\s*\]\]|(?![\s\S]))/gi, "")
    .replace(/\[\[[^[\]]{0,600}\]\]/g, "");
}

const SYSTEM =
  "Shorten the text below so that it can be read aloud. Keep its language, what matters most, names and numbers. Answer with the shortened text alone: plain sentences, no lists, no headings.";

async function shortened(
  { models, clock, log }: DecideDeps,
  words: string,
  { agentId, config, signal, forOwner = false }: Answer,
  { maxLength, summarize, summaryModel }: SpeechSettings,
): Promise<string | undefined> {
  if (!summarize) return undefined;
  try {
    const endpoint = await models.resolve(
      summaryModel ?? models.defaultRef(config),
      config,
      agentId === undefined ? {} : { agentId },
    );
    const outcome = await answerOf(models, {
      candidates: [endpoint],
      config,
      asks: () => ({
        system: [{ text: `${SYSTEM} At most ${maxLength} characters.`, stable: false }],
        messages: [{ role: "user", content: words, timestamp: clock.now() }],
        thinking: "off",
        forOwner,
      }),
      signal,
    });
    if ("failure" in outcome) throw new Error(outcome.failure.message);
    return cutAtSentence(speakable(outcome.text), maxLength);
  } catch (error) {
    log.warn("a long answer was not shortened, so it is not spoken", { error: errorText(error) });
    return undefined;
  }
}
