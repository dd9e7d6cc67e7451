/**
 * What a model says about speech within its answer: `[[tts]]`, `[[tts:key=value key2="…"]]`, and
 * `[[tts:text]]…[[/tts:text]]` for words that are spoken instead of the visible ones. Outside code fences only.
 */
import type { VoiceWishes } from "./provider.ts";
import type { Overrides } from "./settings.ts";

export interface Spoken {
  /** There was a tag of any kind. */
  readonly tagged: boolean;
  /** In place of the visible text. */
  readonly text?: string;
  readonly provider?: string;
  readonly wishes: VoiceWishes;
}

const TAG = /\[\[\s*tts(?::([^[\]]{0,500}))?\s*\]\]/gi;
const TEXT = /\[\[\s*tts:text\s*\]\]([\s\S]*?)\[\[\s*\/tts:text\s*\]\]/gi;
const PAIR = /([A-Za-z_]+)\s*=\s*(?:"([^"]*)"|(\S+))/g;
const FENCED = /^[ \t]*(`{3,}|~{3,})[\s\S]*?^[ \t]*\1[ \t]*$/gm;

/** Values that make no sense, and those that the operator does not leave to the model, are left out. */
export function spokenIn(answer: string, overrides: Overrides): Spoken {
  const outside = answer.replace(FENCED, "");
  const texts = [...outside.matchAll(TEXT)].map(([, text = ""]) => text.trim()).filter((text) => text !== "");
  const tags = [...outside.replace(TEXT, "").matchAll(TAG)].map(([, body = ""]) => body);
  const tagged = tags.length > 0 || texts.length > 0;
  if (!overrides.enabled) return { tagged, wishes: {} };
  const pairs = new Map(tags.flatMap(pairsIn));
  const provider = overrides.provider ? pairs.get("provider") : undefined;
  return {
    tagged,
    ...(overrides.text && texts.length > 0 ? { text: texts.join("\n\n") } : {}),
    ...(provider === undefined ? {} : { provider }),
    wishes: wishesIn(pairs, overrides),
  };
}

function pairsIn(body: string): [name: string, value: string][] {
  return [...body.matchAll(PAIR)].map(([, name = "", quoted, plain]) => [
    name.toLowerCase().replaceAll("_", ""),
    quoted ?? plain ?? "",
  ]);
}

function wishesIn(pairs: ReadonlyMap<string, string>, allowed: Overrides): VoiceWishes {
  const first = (...names: string[]) => names.map((name) => pairs.get(name)).find((value) => value !== undefined);
  const within = (low: number, high: number, ...names: string[]) => {
    const value = Number(first(...names) ?? Number.NaN);
    return value >= low && value <= high ? value : undefined;
  };
  const wishes: { [K in keyof VoiceWishes]: VoiceWishes[K] | undefined } = {
    ...(allowed.voice ? { voice: first("voice", "voiceid", "voicename") } : {}),
    ...(allowed.model ? { model: first("model", "modelid") } : {}),
    ...(allowed.sound
      ? {
          stability: within(0, 1, "stability"),
          similarityBoost: within(0, 1, "similarityboost"),
          style: within(0, 1, "style"),
          speed: within(0.5, 2, "speed"),
          useSpeakerBoost: { true: true, false: false }[first("usespeakerboost") ?? ""],
          volume: within(0.01, 10, "vol", "volume"),
          pitch: within(-12, 12, "pitch"),
          emotion: first("emotion"),
        }
      : {}),
    ...(allowed.normalization
      ? {
          applyTextNormalization: oneOf(first("applytextnormalization"), ["auto", "on", "off"] as const),
          languageCode: /^[a-z]{2}$/i.exec(first("languagecode") ?? "")?.[0].toLowerCase(),
        }
      : {}),
    ...(allowed.seed ? { seed: within(0, 4_294_967_295, "seed") } : {}),
  };
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined)) as VoiceWishes;
}

function oneOf<T extends string>(value: string | undefined, values: readonly T[]): T | undefined {
  return values.find((one) => one === value);
}
