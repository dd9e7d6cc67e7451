/** Gemini's speech models: raw samples in JSON. Source: https://ai.google.dev/gemini-api/docs/speech-generation */
import { record } from "../../../base/record.ts";
import { SpeechFailed, parsedJson, request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";
import { wavOf } from "../_speech/wav.ts";

const RATE = 24_000;

export const synthesize: Synthesize = async (job, io) => {
  const { access, settings, text, usual, wishes } = job;
  const model = wishes.model ?? textIn(settings, "model", "modelId") ?? usual.model;
  const voiceName = wishes.voice ?? textIn(settings, "voice", "voiceName") ?? usual.voice;
  const profile = textIn(settings, "audioProfile") ?? job.manner;
  const bytes = await request(job, io, {
    path: `/models/${encodeURIComponent(model)}:generateContent`,
    headers: { "x-goog-api-key": access.apiKey ?? "" },
    body: JSON.stringify({
      contents: [{ role: "user", parts: [{ text: profile === undefined ? text : `${profile}\n\n${text}` }] }],
      generationConfig: {
        responseModalities: ["AUDIO"],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName } } },
      },
    }),
  });
  const { data, mimeType } = soundIn(parsedJson(bytes));
  const rate = Number(/rate=(\d{4,6})/.exec(mimeType)?.[1] ?? RATE);
  return { audio: wavOf(Buffer.from(data, "base64"), rate), mimeType: "audio/wav", format: `pcm_${rate}` };
};

function soundIn(answer: unknown): { readonly data: string; readonly mimeType: string } {
  const [candidate] = list(record(answer)["candidates"]);
  for (const part of list(record(record(candidate)["content"])["parts"])) {
    const { data, mimeType } = record(record(part)["inlineData"]);
    if (typeof data === "string" && data !== "")
      return { data, mimeType: typeof mimeType === "string" ? mimeType : "" };
  }
  throw new SpeechFailed("it sent no sound");
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
