/** Source: https://docs.dev.runwayml.com/api */
import { compact } from "../../../base/text.ts";
import { GenerationFailed, MAX_STATE, bearer, call, dataUri, idIn, sentence } from "../_engine/provider.ts";
import type { Access, Adapter, Job } from "../_engine/provider.ts";

const VERSION = "2024-11-06";
/** The API names shapes by their size. */
const RATIOS: Readonly<Record<string, string>> = {
  "16:9": "1280:720",
  "9:16": "720:1280",
  "4:3": "1104:832",
  "3:4": "832:1104",
  "1:1": "960:960",
  "21:9": "1584:672",
};
const OVER: ReadonlySet<unknown> = new Set(["FAILED", "CANCELLED"]);

export const adapter: Adapter = {
  async begin(job, io) {
    const { access, model, wishes } = job;
    const answer = await call(job, io, {
      path: `/v1/${modeOf(job)}`,
      headers: headersOf(access),
      json: compact({
        ...wishes.providerOptions,
        model,
        promptText: wishes.prompt,
        ...sourceOf(job),
        ratio: RATIOS[wishes.aspectRatio ?? "16:9"],
        duration: modeOf(job) === "video_to_video" ? undefined : (wishes.durationSeconds ?? 5),
      }),
      maxBytes: MAX_STATE,
    });
    return { operation: idIn(answer, "id") };
  },

  async poll(operation, job, io) {
    const state = await call(job, io, {
      path: `/v1/tasks/${operation}`,
      headers: headersOf(job.access),
      maxBytes: MAX_STATE,
    });
    if (OVER.has(state["status"]))
      throw new GenerationFailed(sentence(state["failure"]) || "the video was not made", { refused: true });
    if (state["status"] !== "SUCCEEDED") return { operation };
    const urls = Array.isArray(state["output"]) ? state["output"] : [];
    const files = urls.flatMap((url: unknown) => (typeof url === "string" ? [{ url }] : []));
    if (files.length === 0) throw new GenerationFailed("it sent no video");
    return { files };
  },
};

function headersOf(access: Access): Readonly<Record<string, string>> {
  return { ...bearer(access), "x-runway-version": VERSION };
}

function modeOf({ references }: Job): "text_to_video" | "image_to_video" | "video_to_video" {
  if (references.some(({ kind }) => kind === "video")) return "video_to_video";
  return references.some(({ kind }) => kind === "image") ? "image_to_video" : "text_to_video";
}

function sourceOf({ references }: Job): object {
  const video = references.find(({ kind }) => kind === "video");
  const picture = references.find(({ kind }) => kind === "image");
  if (video) return { videoUri: dataUri(video) };
  return picture ? { promptImage: dataUri(picture) } : {};
}
