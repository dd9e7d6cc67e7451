/**
 * Seed Speech of Volcengine, and of BytePlus outside China: an object of JSON for each piece of sound, the last one with
 * a code of its own. Source: https://www.volcengine.com/docs/6561/1598757 (one-way stream over HTTP, version 3)
 */
import { isRecord } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { SpeechFailed, request, textIn } from "../_speech/provider.ts";
import type { SpeechJob, Synthesize } from "../_speech/provider.ts";

const BYTEPLUS = "https://voice.ap-southeast-1.bytepluses.com";
const DONE = 20_000_000;

export const synthesize: Synthesize = async (job, io) => {
  const { purpose, settings, text, usual, wishes } = job;
  const format = purpose === "voice-note" ? "ogg_opus" : "mp3";
  const speed = wishes.speed === undefined ? undefined : Math.round((wishes.speed - 1) * 100);
  const body = {
    user: { uid: "openclaw" },
    req_params: {
      text,
      speaker: wishes.voice ?? textIn(settings, "voice", "voiceId", "speaker") ?? usual.voice,
      audio_params: compact({ format, sample_rate: 24_000, speech_rate: speed }),
    },
  };
  const { base, headers } = doorOf(job);
  const resource = wishes.model ?? textIn(settings, "resourceId", "model", "modelId") ?? usual.model;
  const bytes = await request(job, io, {
    path: `${base}/api/v3/tts/unidirectional`,
    headers: { ...headers, "x-api-resource-id": resource },
    body: JSON.stringify(body),
  });
  const pieces = piecesIn(new TextDecoder().decode(bytes));
  if (pieces.length === 0) throw new SpeechFailed("it sent no sound");
  return {
    audio: Buffer.concat(pieces),
    mimeType: purpose === "voice-note" ? "audio/ogg" : "audio/mpeg",
    format,
  };
};

/** Each of the two houses knows its own keys only. */
function doorOf({ access, settings }: SpeechJob): { readonly base: string; readonly headers: Record<string, string> } {
  const told = textIn(settings, "baseUrl");
  const own = access.apiKey ?? textIn(settings, "apiKey");
  const abroad = textIn(settings, "byteplusApiKey");
  if (own !== undefined) return { base: access.baseUrl, headers: { "x-api-key": own } };
  if (abroad !== undefined)
    return { base: told === undefined ? BYTEPLUS : access.baseUrl, headers: { "x-api-key": abroad } };
  const [app = "", token = ""] = [textIn(settings, "appId"), textIn(settings, "token")];
  return { base: access.baseUrl, headers: { "x-api-app-id": app, "x-api-access-key": token } };
}

function piecesIn(answer: string): Buffer[] {
  return answer.split(/(?<=\})\s*(?=\{)/).flatMap((text) => {
    if (text.trim() === "") return [];
    const piece = parsed(text);
    const { code, message, data } = piece;
    if (typeof code === "number" && code !== 0 && code !== DONE)
      throw new SpeechFailed(typeof message === "string" && message !== "" ? `${code}: ${message}` : String(code));
    return typeof data === "string" && data !== "" ? [Buffer.from(data, "base64")] : [];
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // It is said below.
  }
  throw new SpeechFailed("its answer is no JSON");
}
