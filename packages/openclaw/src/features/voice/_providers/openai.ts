/** `POST /audio/speech`, as OpenAI, OpenRouter and DeepInfra serve it. Source: https://platform.openai.com/docs/api-reference/audio/createSpeech */
import { compact } from "../../../base/text.ts";
import { numberIn, request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";

export const synthesize: Synthesize = async (job, io) => {
  const { access, purpose, settings, text, wishes } = job;
  const format = purpose === "voice-note" ? "opus" : "mp3";
  const body = compact({
    model: wishes.model ?? textIn(settings, "model", "modelId"),
    input: text,
    voice: wishes.voice ?? textIn(settings, "voice", "voiceId"),
    response_format: format,
    speed: wishes.speed ?? numberIn(settings, "speed"),
    instructions: textIn(settings, "instructions"),
    ...(settings["extraBody"] as object | undefined),
  });
  const headers = access.apiKey === undefined ? {} : { authorization: `Bearer ${access.apiKey}` };
  const audio = await request(job, io, { path: "/audio/speech", headers, body: JSON.stringify(body) });
  return { audio, mimeType: format === "opus" ? "audio/ogg" : "audio/mpeg", format };
};
