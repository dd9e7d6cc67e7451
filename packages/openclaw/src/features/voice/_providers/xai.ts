/** xAI's speech. Source: https://docs.x.ai/developers/model-capabilities/audio/text-to-speech */
import { compact } from "../../../base/text.ts";
import { numberIn, request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";

export const synthesize: Synthesize = async (job, io) => {
  const { access, settings, text, usual, wishes } = job;
  const body = compact({
    text,
    voice_id: wishes.voice ?? textIn(settings, "voice", "voiceId") ?? usual.voice,
    language: wishes.languageCode ?? textIn(settings, "language", "languageCode") ?? "en",
    speed: wishes.speed ?? numberIn(settings, "speed"),
    output_format: { codec: "mp3" },
  });
  const headers = { authorization: `Bearer ${access.apiKey ?? ""}` };
  const audio = await request(job, io, { path: "/tts", headers, body: JSON.stringify(body) });
  return { audio, mimeType: "audio/mpeg", format: "mp3" };
};
