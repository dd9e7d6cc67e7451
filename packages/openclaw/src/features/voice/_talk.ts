/** What `talk` says of the voice with which devices are answered. Pure. */
import { isRecord, record } from "../../base/record.ts";

export interface TalkAsked {
  readonly provider?: string;
  /** An id, or a name of `talk.voiceAliases`. */
  readonly voiceId?: string;
  readonly modelId?: string;
}

export interface TalkWishes extends TalkAsked {
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Keys beside `provider` are those of ElevenLabs, for which talking was made first. */
const FIRST = "elevenlabs";

export function talkWishes(section: unknown, asked: TalkAsked): TalkWishes {
  const talk = record(section);
  const own = words(talk["apiKey"]) === undefined ? {} : { apiKey: talk["apiKey"] };
  const provider = asked.provider ?? words(talk["provider"]) ?? ("apiKey" in own ? FIRST : undefined);
  const aliases = record(talk["voiceAliases"]);
  const given = asked.voiceId ?? (provider === FIRST ? words(talk["voiceId"]) : undefined);
  const voiceId = given === undefined ? undefined : (words(aliases[given]) ?? given);
  const modelId = asked.modelId ?? (provider === FIRST ? words(talk["modelId"]) : undefined);
  const { [FIRST]: first, ...others } = record(talk["providers"]);
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(voiceId === undefined ? {} : { voiceId }),
    ...(modelId === undefined ? {} : { modelId }),
    settings: { ...others, [FIRST]: { ...own, ...(isRecord(first) ? first : {}) } },
  };
}

function words(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
