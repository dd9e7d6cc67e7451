/** Seedance of BytePlus ModelArk. Source: https://docs.byteplus.com/en/docs/ModelArk/1520757 */
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { GenerationFailed, MAX_STATE, bearer, call, dataUri, idIn, sentence, textAt } from "../_engine/provider.ts";
import type { Adapter } from "../_engine/provider.ts";

const OVER: ReadonlySet<unknown> = new Set(["failed", "cancelled", "expired"]);

export const adapter: Adapter = {
  async begin(job, io) {
    const { access, model, references, wishes } = job;
    const pictures = references.map((one) => ({
      type: "image_url",
      image_url: { url: dataUri(one) },
      ...(references.length > 1 || one.role !== undefined ? { role: one.role ?? "first_frame" } : {}),
    }));
    const answer = await call(job, io, {
      path: "/contents/generations/tasks",
      headers: bearer(access),
      json: compact({
        ...wishes.providerOptions,
        model,
        content: [{ type: "text", text: wishes.prompt }, ...pictures],
        ratio: wishes.aspectRatio,
        resolution: wishes.resolution?.toLowerCase(),
        duration: wishes.durationSeconds,
        watermark: wishes.watermark,
      }),
      maxBytes: MAX_STATE,
    });
    return { operation: idIn(answer, "id") };
  },

  async poll(operation, job, io) {
    const at = { path: `/contents/generations/tasks/${operation}`, headers: bearer(job.access), maxBytes: MAX_STATE };
    const state = await call(job, io, at);
    if (OVER.has(state["status"]))
      throw new GenerationFailed(sentence(record(state["error"])["message"]) || "the video was not made", {
        refused: true,
      });
    if (state["status"] !== "succeeded") return { operation };
    const url = textAt(record(state["content"]), "video_url");
    if (url === undefined) throw new GenerationFailed("it sent no video");
    return { files: [{ url }] };
  },
};
