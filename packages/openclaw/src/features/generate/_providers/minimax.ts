/**
 * Pictures, videos and music of MiniMax.
 * Source: https://platform.minimax.io/docs/api-reference (image-generation-t2i, video-generation, music-generation)
 */
import { record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import {
  GenerationFailed,
  MAX_STATE,
  bearer,
  call,
  dataUri,
  fromBase64,
  idIn,
  sentence,
  textAt,
} from "../_engine/provider.ts";
import type { Adapter, Call, Io, Job } from "../_engine/provider.ts";

export const adapter: Adapter = {
  async begin(job, io) {
    if (job.kind === "image") return { files: await pictures(job, io) };
    if (job.kind === "music") return { files: [await song(job, io)] };
    const answer = await ask(job, io, { path: "/v1/video_generation", json: videoOf(job), maxBytes: MAX_STATE });
    return { operation: idIn(answer, "task_id") };
  },

  async poll(operation, job, io) {
    const query = `/v1/query/video_generation?task_id=${encodeURIComponent(operation)}`;
    const state = await ask(job, io, { path: query, maxBytes: MAX_STATE });
    if (state["status"] === "Fail") throw new GenerationFailed("the video was not made", { refused: true });
    if (state["status"] !== "Success") return { operation };
    const path = `/v1/files/retrieve?file_id=${encodeURIComponent(idIn(state, "file_id"))}`;
    const url = textAt(record((await ask(job, io, { path, maxBytes: MAX_STATE }))["file"]), "download_url");
    if (url === undefined) throw new GenerationFailed("it sent no video");
    return { files: [{ url }] };
  },
};

/** The chat models of the vendor have their address one folder deeper. Errors come with status 200. */
async function ask(job: Job, io: Io, asked: Call): Promise<Loose> {
  const { origin } = new URL(job.access.baseUrl);
  const answer = await call(job, io, { ...asked, path: `${origin}${asked.path}`, headers: bearer(job.access) });
  const { status_code: code, status_msg: said } = record(answer["base_resp"]);
  if (typeof code === "number" && code !== 0)
    throw new GenerationFailed(sentence(said, job.access.apiKey) || `error ${code}`, {
      refused: true,
      passing: code === 1002,
    });
  return answer;
}

async function pictures(job: Job, io: Io) {
  const { model, references, wishes } = job;
  const answer = await ask(job, io, {
    path: "/v1/image_generation",
    json: compact({
      ...wishes.providerOptions,
      model,
      prompt: wishes.prompt,
      aspect_ratio: wishes.aspectRatio,
      n: wishes.count ?? 1,
      response_format: "base64",
      subject_reference:
        references.length === 0
          ? undefined
          : references.map((one) => ({ type: "character", image_file: dataUri(one) })),
    }),
  });
  const sent = record(answer["data"])["image_base64"];
  if (!Array.isArray(sent) || sent.length === 0) throw new GenerationFailed("it sent no picture");
  return sent.map((one) => ({ data: fromBase64(one) }));
}

function videoOf({ model, references, wishes }: Job): object {
  const pictures = references.filter(({ kind }) => kind === "image");
  const last = pictures.find(({ role }) => role === "last_frame");
  const first = pictures.find((one) => one !== last);
  return compact({
    ...wishes.providerOptions,
    model,
    prompt: wishes.prompt,
    duration: wishes.durationSeconds,
    resolution: wishes.resolution,
    first_frame_image: first && dataUri(first),
    last_frame_image: last && dataUri(last),
    aigc_watermark: wishes.watermark,
  });
}

async function song(job: Job, io: Io) {
  const { model, wishes } = job;
  const { lyrics, instrumental } = wishes;
  const answer = await ask(job, io, {
    path: "/v1/music_generation",
    json: compact({
      ...wishes.providerOptions,
      model,
      prompt: wishes.prompt,
      lyrics,
      is_instrumental: instrumental === true ? true : undefined,
      lyrics_optimizer: lyrics === undefined && instrumental !== true ? true : undefined,
      output_format: "hex",
      audio_setting: { sample_rate: 44_100, bitrate: 256_000, format: wishes.format ?? "mp3" },
    }),
  });
  const hex = record(answer["data"])["audio"];
  if (typeof hex !== "string" || !/^(?:[0-9a-f]{2})+$/i.test(hex)) throw new GenerationFailed("it sent no music");
  return { data: Buffer.from(hex, "hex") };
}
