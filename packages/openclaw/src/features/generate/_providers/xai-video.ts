/** Source: https://docs.x.ai/docs/guides/video-generations */
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { GenerationFailed, MAX_STATE, bearer, call, dataUri, idIn, sentence, textAt } from "../_engine/provider.ts";
import type { Adapter } from "../_engine/provider.ts";

const OVER: ReadonlySet<unknown> = new Set(["failed", "expired"]);

export const adapter: Adapter = {
  async begin(job, io) {
    const { access, model, references, wishes } = job;
    const [picture] = references;
    const answer = await call(job, io, {
      path: "/videos/generations",
      headers: bearer(access),
      json: compact({
        ...wishes.providerOptions,
        model,
        prompt: wishes.prompt,
        duration: wishes.durationSeconds,
        aspect_ratio: wishes.aspectRatio,
        resolution: wishes.resolution?.toLowerCase(),
        image: picture && { url: dataUri(picture) },
      }),
      maxBytes: MAX_STATE,
    });
    return { operation: idIn(answer, "request_id") };
  },

  async poll(operation, job, io) {
    const at = { path: `/videos/${operation}`, headers: bearer(job.access), maxBytes: MAX_STATE };
    const state = await call(job, io, at);
    if (OVER.has(state["status"]))
      throw new GenerationFailed(sentence(record(state["error"])["message"]) || "the video was not made", {
        refused: true,
      });
    const url = textAt(record(state["video"]), "url");
    return url === undefined ? { operation } : { files: [{ url }] };
  },
};
