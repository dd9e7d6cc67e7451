/** Veo: a long-running operation. Source: https://ai.google.dev/gemini-api/docs/video */
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { GenerationFailed, MAX_STATE, base64, call, listAt, sentence, textAt } from "../_engine/provider.ts";
import type { Adapter, Reference } from "../_engine/provider.ts";
import { googleKey } from "./google.ts";

const OPERATION = /^(?:models\/[\w.-]{1,100}\/)?operations\/[\w.-]{1,200}$/;

export const adapter: Adapter = {
  async begin(job, io) {
    const { access, model, references, wishes } = job;
    const last = references.find(({ role }) => role === "last_frame");
    const first = references.find((one) => one !== last);
    const answer = await call(job, io, {
      path: `/models/${encodeURIComponent(model)}:predictLongRunning`,
      headers: googleKey(access),
      json: {
        instances: [compact({ prompt: wishes.prompt, image: inline(first), lastFrame: inline(last) })],
        parameters: compact({
          ...wishes.providerOptions,
          aspectRatio: wishes.aspectRatio,
          resolution: wishes.resolution?.toLowerCase(),
          durationSeconds: wishes.durationSeconds,
        }),
      },
      maxBytes: MAX_STATE,
    });
    const operation = textAt(answer, "name") ?? "";
    if (!OPERATION.test(operation)) throw new GenerationFailed("it named nothing to wait for");
    return { operation };
  },

  async poll(operation, job, io) {
    const headers = googleKey(job.access);
    const state = await call(job, io, { path: `/${operation}`, headers, maxBytes: MAX_STATE });
    if (state["done"] !== true) return { operation };
    const failed = textAt(record(state["error"]), "message");
    if (failed !== undefined) throw new GenerationFailed(sentence(failed, job.access.apiKey), { refused: true });
    const made = record(record(state["response"])["generateVideoResponse"]);
    const files = listAt(made, "generatedSamples").flatMap(({ video }) => {
      const url = textAt(record(video), "uri");
      return url === undefined ? [] : [{ url, headers }];
    });
    const [filtered] = Array.isArray(made["raiMediaFilteredReasons"]) ? made["raiMediaFilteredReasons"] : [];
    if (files.length === 0) throw new GenerationFailed(sentence(filtered) || "it sent no video", { refused: true });
    return { files };
  },
};

function inline(reference: Reference | undefined): object | undefined {
  return reference && { bytesBase64Encoded: base64(reference), mimeType: reference.mimeType };
}
