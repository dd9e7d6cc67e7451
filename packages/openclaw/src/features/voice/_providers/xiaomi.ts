/** Xiaomi MiMo: a chat completion that is spoken. Source: https://platform.xiaomimimo.com/docs/usage-guide/speech-synthesis */
import { record } from "../../../base/record.ts";
import { SpeechFailed, parsedJson, request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";

export const synthesize: Synthesize = async (job, io) => {
  const { access, settings, text, usual, wishes } = job;
  const body = {
    model: wishes.model ?? textIn(settings, "model", "modelId") ?? usual.model,
    audio: { voice: wishes.voice ?? textIn(settings, "voice", "voiceId") ?? usual.voice, format: "mp3" },
    messages: [{ role: "assistant", content: text }],
  };
  const headers = { "api-key": access.apiKey ?? "" };
  const answer = parsedJson(await request(job, io, { path: "/chat/completions", headers, body: JSON.stringify(body) }));
  const choices = record(answer)["choices"];
  const data = record(record(record(Array.isArray(choices) ? choices[0] : undefined)["message"])["audio"])["data"];
  if (typeof data !== "string" || data === "") throw new SpeechFailed("it sent no sound");
  return { audio: Buffer.from(data, "base64"), mimeType: "audio/mpeg", format: "mp3" };
};
