/** OpenAI's speech, and every service of the same shape. Source: https://platform.openai.com/docs/api-reference/audio/createSpeech */
import { compact } from "../../../base/text.ts";
import { numberIn, request, textIn } from "../_speech/provider.ts";
import type { Sound, SpeechIo, SpeechJob, Synthesize } from "../_speech/provider.ts";

const OWN = "https://api.openai.com/v1";
/** Those of OpenAI itself; other servers have their own. */
const VOICES: ReadonlySet<string> = new Set(
  "alloy ash ballad cedar coral echo fable juniper marin onyx nova sage shimmer verse".split(" "),
);

export const synthesize: Synthesize = (job, io) => spoken(job, io, job.purpose === "voice-note" ? "opus" : "mp3");

/** For services that have no Opus. */
export const mp3Only: Synthesize = (job, io) => spoken(job, io, "mp3");

async function spoken(job: SpeechJob, io: SpeechIo, format: "opus" | "mp3"): Promise<Sound> {
  const { access, settings, text, usual, wishes } = job;
  // A model that wishes for a voice of somebody else gets the usual one.
  const wish = access.baseUrl !== OWN || VOICES.has(wishes.voice ?? "") ? wishes.voice : undefined;
  const body = compact({
    model: wishes.model ?? textIn(settings, "model", "modelId") ?? usual.model,
    input: text,
    voice: wish ?? textIn(settings, "voice", "voiceId") ?? usual.voice,
    response_format: format,
    speed: wishes.speed ?? numberIn(settings, "speed"),
    // Other servers may not know the word.
    instructions: textIn(settings, "instructions") ?? (access.baseUrl === OWN ? job.manner : undefined),
    ...(settings["extraBody"] as object | undefined),
  });
  const headers = access.apiKey === undefined ? {} : { authorization: `Bearer ${access.apiKey}` };
  const audio = await request(job, io, { path: "/audio/speech", headers, body: JSON.stringify(body) });
  return { audio, mimeType: format === "opus" ? "audio/ogg" : "audio/mpeg", format };
}
