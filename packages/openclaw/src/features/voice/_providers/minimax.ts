/** MiniMax T2A: sound as hexadecimal text. Source: https://platform.minimax.io/docs/api-reference/speech-t2a-http */
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { SpeechFailed, numberIn, parsedJson, request, textIn } from "../_speech/provider.ts";
import type { Synthesize } from "../_speech/provider.ts";

export const synthesize: Synthesize = async (job, io) => {
  const { access, settings, text, usual, wishes } = job;
  const body = {
    model: wishes.model ?? textIn(settings, "model", "modelId") ?? usual.model,
    text,
    stream: false,
    output_format: "hex",
    voice_setting: compact({
      voice_id: wishes.voice ?? textIn(settings, "voiceId", "voice") ?? usual.voice,
      speed: wishes.speed ?? numberIn(settings, "speed"),
      vol: wishes.volume ?? numberIn(settings, "vol"),
      pitch: whole(wishes.pitch ?? numberIn(settings, "pitch")),
      emotion: wishes.emotion ?? textIn(settings, "emotion"),
    }),
    audio_setting: { format: "mp3", sample_rate: 32_000, bitrate: 128_000, channel: 1 },
  };
  // The chat models of the vendor have their address one folder deeper.
  const host = textIn(settings, "baseUrl") === undefined ? textIn(settings, "host") : undefined;
  const origin = new URL(host === undefined ? access.baseUrl : /^https?:/.test(host) ? host : `https://${host}`).origin;
  const headers = { authorization: `Bearer ${access.apiKey ?? ""}` };
  const answer = record(
    parsedJson(await request(job, io, { path: `${origin}/v1/t2a_v2`, headers, body: JSON.stringify(body) })),
  );
  const hex = record(answer["data"])["audio"];
  if (typeof hex !== "string" || !/^(?:[0-9a-f]{2})+$/i.test(hex)) {
    const said = record(answer["base_resp"])["status_msg"];
    throw new SpeechFailed(typeof said === "string" && said !== "" ? said : "it sent no sound");
  }
  return { audio: Buffer.from(hex, "hex"), mimeType: "audio/mpeg", format: "mp3" };
};

function whole(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}
