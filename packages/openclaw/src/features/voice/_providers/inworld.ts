/** Inworld: a line of JSON for each piece of sound. Source: https://docs.inworld.ai/api-reference/ttsAPI/texttospeech/synthesize-speech-stream */
import { record } from "../../../base/record.ts";
import { SpeechFailed, numberIn, request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";

export const synthesize: Synthesize = async (job, io) => {
  const { access, purpose, settings, text, usual, wishes } = job;
  const encoding = purpose === "voice-note" ? "OGG_OPUS" : "MP3";
  const body = {
    text,
    voiceId: wishes.voice ?? textIn(settings, "voiceId", "voice") ?? usual.voice,
    modelId: wishes.model ?? textIn(settings, "modelId", "model") ?? usual.model,
    temperature: numberIn(settings, "temperature") ?? 0.7,
    audioConfig: { audioEncoding: encoding },
  };
  // The key is a pair that its vendor hands out encoded.
  const headers = { authorization: `Basic ${access.apiKey ?? ""}` };
  const bytes = await request(job, io, { path: "/tts/v1/voice:stream", headers, body: JSON.stringify(body) });
  const pieces = new TextDecoder().decode(bytes).split("\n").flatMap(pieceIn);
  if (pieces.length === 0) throw new SpeechFailed("it sent no sound");
  return {
    audio: Buffer.concat(pieces),
    mimeType: purpose === "voice-note" ? "audio/ogg" : "audio/mpeg",
    format: encoding,
  };
};

function pieceIn(line: string): Buffer[] {
  if (line.trim() === "") return [];
  try {
    const content = record(record(JSON.parse(line))["result"])["audioContent"];
    return typeof content === "string" ? [Buffer.from(content, "base64")] : [];
  } catch {
    throw new SpeechFailed("its answer is no JSON");
  }
}
