/** Azure Speech over REST. Source: https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech */
import { SpeechFailed, request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";
import { ssml } from "../_speech/ssml.ts";

export const synthesize: Synthesize = async (job, io) => {
  const { access, purpose, settings, text, usual, wishes } = job;
  const region = textIn(settings, "region");
  const told = textIn(settings, "endpoint", "baseUrl");
  if (told === undefined && region === undefined && access.baseUrl === "")
    throw new SpeechFailed("no region is set: messages.tts.providers.azure-speech.region");
  if (region !== undefined && !/^[a-z0-9-]{2,40}$/.test(region)) throw new SpeechFailed(`"${region}" is no region`);
  const own = region === undefined ? access.baseUrl : `https://${region}.tts.speech.microsoft.com`;
  const base = (told ?? own).replace(/\/+$/, "");
  const format = purpose === "voice-note" ? "ogg-24khz-16bit-mono-opus" : "audio-24khz-48kbitrate-mono-mp3";
  const voice = wishes.voice ?? textIn(settings, "voice", "voiceId") ?? usual.voice;
  const audio = await request(job, io, {
    path: `${base}/cognitiveservices/v1`,
    type: "application/ssml+xml",
    headers: {
      "ocp-apim-subscription-key": access.apiKey ?? "",
      "x-microsoft-outputformat": format,
      "user-agent": "OpenClaw",
    },
    body: ssml(text, { voice, language: wishes.languageCode ?? textIn(settings, "lang") }),
  });
  return { audio, mimeType: purpose === "voice-note" ? "audio/ogg" : "audio/mpeg", format };
};
