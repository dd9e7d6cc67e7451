/** Videos of OpenAI. Source: https://developers.openai.com/api/docs/guides/video-generation */
import { record } from "../../../base/record.ts";
import { GenerationFailed, MAX_STATE, bearer, call, idIn, sentence } from "../_engine/provider.ts";
import type { Adapter } from "../_engine/provider.ts";

export const adapter: Adapter = {
  async begin(job, io) {
    const { access, model, references, wishes } = job;
    const form = new FormData();
    const fields = { model, prompt: wishes.prompt, seconds: wishes.durationSeconds, size: wishes.size };
    for (const [name, value] of Object.entries({ ...wishes.providerOptions, ...fields }))
      if (value !== undefined) form.append(name, String(value));
    for (const { data, mimeType } of references.slice(0, 1))
      form.append("input_reference", new Blob([new Uint8Array(data)], { type: mimeType }), "reference");
    const answer = await call(job, io, { path: "/videos", headers: bearer(access), form, maxBytes: MAX_STATE });
    return { operation: idIn(answer, "id") };
  },

  async poll(operation, job, io) {
    const headers = bearer(job.access);
    const state = await call(job, io, { path: `/videos/${operation}`, headers, maxBytes: MAX_STATE });
    if (state["status"] === "failed")
      throw new GenerationFailed(sentence(record(state["error"])["message"]) || "the video was not made", {
        refused: true,
      });
    if (state["status"] !== "completed") return { operation };
    return { files: [{ url: `${job.access.baseUrl}/videos/${operation}/content`, headers }] };
  },
};
