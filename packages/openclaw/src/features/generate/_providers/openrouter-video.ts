/** Source: https://openrouter.ai/docs/api_reference/videos */
import { compact } from "../../../base/text.ts";
import { GenerationFailed, MAX_STATE, bearer, call, dataUri, idIn, sentence } from "../_engine/provider.ts";
import type { Adapter } from "../_engine/provider.ts";

const OVER: ReadonlySet<unknown> = new Set(["failed", "cancelled", "expired"]);

export const adapter: Adapter = {
  async begin(job, io) {
    const { access, model, references, wishes } = job;
    const picture = (one: (typeof references)[number]) => ({ type: "image_url", image_url: { url: dataUri(one) } });
    const framed = references.filter(({ role }) => role !== "reference_image");
    const loose = references.filter(({ role }) => role === "reference_image");
    const answer = await call(job, io, {
      path: "/videos",
      headers: bearer(access),
      json: compact({
        ...wishes.providerOptions,
        model,
        prompt: wishes.prompt,
        duration: wishes.durationSeconds,
        resolution: wishes.resolution?.toLowerCase(),
        aspect_ratio: wishes.aspectRatio,
        size: wishes.size,
        generate_audio: wishes.audio,
        frame_images:
          framed.length === 0
            ? undefined
            : framed.map((one) => ({ ...picture(one), frame_type: one.role ?? "first_frame" })),
        input_references: loose.length === 0 ? undefined : loose.map(picture),
      }),
      maxBytes: MAX_STATE,
    });
    return { operation: idIn(answer, "id") };
  },

  async poll(operation, job, io) {
    const headers = bearer(job.access);
    const state = await call(job, io, { path: `/videos/${operation}`, headers, maxBytes: MAX_STATE });
    if (OVER.has(state["status"]))
      throw new GenerationFailed(sentence(state["error"]) || "the video was not made", { refused: true });
    if (state["status"] !== "completed") return { operation };
    return { files: [{ url: `${job.access.baseUrl}/videos/${operation}/content?index=0`, headers }] };
  },
};
