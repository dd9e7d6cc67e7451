/** Gradium. Source: https://docs.gradium.ai/guides/text-to-speech (POST, the sound as it is) */
import { mimeOf } from "../../../base/file-type.ts";
import { request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";

export const synthesize: Synthesize = async (job, io) => {
  const { access, purpose, settings, text, usual, wishes } = job;
  const format = purpose === "voice-note" ? "opus" : "wav";
  const body = {
    text,
    voice_id: wishes.voice ?? textIn(settings, "voiceId", "voice") ?? usual.voice,
    model_name: wishes.model ?? textIn(settings, "model", "modelId") ?? usual.model,
    output_format: format,
    only_audio: true,
  };
  const headers = { "x-api-key": access.apiKey ?? "" };
  const audio = await request(job, io, { path: "/api/post/speech/tts", headers, body: JSON.stringify(body) });
  return { audio, mimeType: mimeOf(audio, `speech.${format === "opus" ? "ogg" : "wav"}`), format };
};
