/** ElevenLabs. Source: https://elevenlabs.io/docs/api-reference/text-to-speech/convert */
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { SpeechFailed, numberIn, request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";

/** A voice that every account has. */
const RACHEL = "21m00Tcm4TlvDq8ikWAM";
const VOICE_ID = /^[A-Za-z0-9]{10,40}$/;

export const synthesize: Synthesize = async (job, io) => {
  const { access, purpose, settings, text, wishes } = job;
  const voice = wishes.voice ?? textIn(settings, "voiceId", "voice") ?? RACHEL;
  if (!VOICE_ID.test(voice)) throw new SpeechFailed(`"${voice}" is no id of a voice`);
  const format = purpose === "voice-note" ? "opus_48000_64" : "mp3_44100_128";
  const sound = record(settings["voiceSettings"]);
  const flag = (name: string) => (typeof sound[name] === "boolean" ? sound[name] : undefined);
  const body = compact({
    text,
    model_id: wishes.model ?? textIn(settings, "modelId", "model") ?? "eleven_multilingual_v2",
    seed: wishes.seed ?? numberIn(settings, "seed"),
    apply_text_normalization: wishes.applyTextNormalization ?? textIn(settings, "applyTextNormalization"),
    language_code: wishes.languageCode ?? textIn(settings, "languageCode"),
    voice_settings: nonEmpty({
      stability: wishes.stability ?? numberIn(sound, "stability"),
      similarity_boost: wishes.similarityBoost ?? numberIn(sound, "similarityBoost"),
      style: wishes.style ?? numberIn(sound, "style"),
      use_speaker_boost: wishes.useSpeakerBoost ?? flag("useSpeakerBoost"),
      speed: wishes.speed ?? numberIn(sound, "speed"),
    }),
  });
  const audio = await request(job, io, {
    path: `/v1/text-to-speech/${voice}?output_format=${format}`,
    headers: { "xi-api-key": access.apiKey ?? "" },
    body: JSON.stringify(body),
  });
  return { audio, mimeType: purpose === "voice-note" ? "audio/ogg" : "audio/mpeg", format };
};

function nonEmpty<T extends object>(value: T): object | undefined {
  const filled = compact(value);
  return Object.keys(filled).length === 0 ? undefined : filled;
}
