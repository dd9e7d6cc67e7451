/** The queue of fal: submit, ask, fetch. Source: https://fal.ai/docs/documentation/model-apis/inference/queue */
import { isRecord, record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { pixels, ratio } from "../_engine/fit.ts";
import { GenerationFailed, MAX_STATE, call, dataUri, idIn, sentence, textAt } from "../_engine/provider.ts";
import type { Access, Adapter, Found, Job } from "../_engine/provider.ts";

export const adapter: Adapter = {
  async begin(job, io) {
    const json = { ...job.wishes.providerOptions, ...inputOf(job) };
    const path = `/${pathOf(job)}`;
    const answer = await call(job, io, { path, headers: keyOf(job.access), json, maxBytes: MAX_STATE });
    return { operation: `${appOf(job.model)} ${idIn(answer, "request_id")}` };
  },

  async poll(operation, job, io) {
    const [app = "", id = ""] = operation.split(" ");
    const at = { headers: keyOf(job.access), maxBytes: MAX_STATE };
    const state = await call(job, io, { ...at, path: `/${app}/requests/${id}/status` });
    if (state["status"] !== "COMPLETED") return { operation };
    const result = await call(job, io, { ...at, path: `/${app}/requests/${id}` });
    const files = filesOf(result);
    if (files.length === 0) throw new GenerationFailed(sentence(state["error"]) || "it sent no file");
    return { files };
  },
};

function keyOf({ apiKey }: Access): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { authorization: `Key ${apiKey}` };
}

/** The first two parts of a model's name are the app, under which requests are asked for. */
function appOf(model: string): string {
  const parts = model.split("/");
  if (parts.length < 2 || !parts.every((part) => /^[\w.-]{1,80}$/.test(part) && !/^\.+$/.test(part)))
    throw new GenerationFailed(`"${model}" is no model of fal`, { refused: true });
  return parts.slice(0, 2).join("/");
}

function pathOf({ kind, model, references }: Job): string {
  appOf(model);
  const hasPicture = references.some((one) => one.kind === "image");
  const switches = hasPicture && /^(?:fal-ai\/flux\/dev|fal-ai\/minimax\/video-01-live)$/.test(model);
  if (!switches) return model;
  return kind === "image" ? `${model}/image-to-image` : `${model}/image-to-video`;
}

function inputOf({ kind, references, wishes }: Job): Loose {
  const [picture, ...more] = references.filter((one) => one.kind === "image").map(dataUri);
  if (kind === "image")
    return compact({
      prompt: wishes.prompt,
      num_images: wishes.count ?? 1,
      output_format: wishes.outputFormat,
      image_size: sizeOf(wishes),
      image_url: picture,
    });
  if (kind === "music")
    return compact({ prompt: wishes.prompt, lyrics: wishes.lyrics, is_instrumental: wishes.instrumental });
  return compact({
    prompt: wishes.prompt,
    image_url: picture,
    image_urls: more.length === 0 ? undefined : [picture, ...more],
    duration: wishes.durationSeconds === undefined ? undefined : String(wishes.durationSeconds),
    aspect_ratio: wishes.aspectRatio,
    resolution: wishes.resolution?.toLowerCase(),
    generate_audio: wishes.audio,
  });
}

function sizeOf({ aspectRatio, resolution, size }: Job["wishes"]): Loose | undefined {
  const exact = size === undefined ? undefined : pixels(size);
  if (exact) return exact;
  if (aspectRatio === undefined && resolution === undefined) return undefined;
  const shape = ratio(aspectRatio ?? "1:1") ?? 1;
  const side = 1024 * (Number.parseInt(resolution ?? "1", 10) || 1);
  const step = (value: number) => Math.round(value / 16) * 16;
  return { width: step(side * Math.sqrt(shape)), height: step(side / Math.sqrt(shape)) };
}

/** `images`, `video`, `videos` or `audio`, each with an address. */
function filesOf(result: Loose): readonly Found[] {
  const values = ["images", "image", "video", "videos", "audio", "audio_file"].map((name) => result[name]);
  return values.flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter(isRecord).flatMap((one) => {
      const url = textAt(record(one), "url");
      return url === undefined ? [] : [{ url }];
    }),
  );
}
