/** Wan of Alibaba Model Studio. Source: https://www.alibabacloud.com/help/en/model-studio/text-to-video-api-reference */
import { record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { GenerationFailed, MAX_STATE, bearer, call, idIn, sentence, textAt } from "../_engine/provider.ts";
import type { Adapter, Call, Io, Job } from "../_engine/provider.ts";

const OVER: ReadonlySet<unknown> = new Set(["FAILED", "CANCELED", "UNKNOWN"]);

export const adapter: Adapter = {
  async begin(job, io) {
    const { model, wishes } = job;
    const answer = await ask(job, io, {
      path: "/api/v1/services/aigc/video-generation/video-synthesis",
      headers: { "x-dashscope-async": "enable" },
      json: {
        model,
        input: { prompt: wishes.prompt },
        parameters: compact({
          ...wishes.providerOptions,
          size: wishes.size?.replace("x", "*"),
          duration: wishes.durationSeconds,
          watermark: wishes.watermark,
        }),
      },
    });
    return { operation: idIn(record(answer["output"]), "task_id") };
  },

  async poll(operation, job, io) {
    const output = record((await ask(job, io, { path: `/api/v1/tasks/${operation}` }))["output"]);
    if (OVER.has(output["task_status"]))
      throw new GenerationFailed(sentence(output["message"]) || "the video was not made", { refused: true });
    if (output["task_status"] !== "SUCCEEDED") return { operation };
    const url = textAt(output, "video_url");
    if (url === undefined) throw new GenerationFailed("it sent no video");
    return { files: [{ url }] };
  },
};

/** The chat models of the same company have their address in a folder of their own. */
function ask(job: Job, io: Io, asked: Call): Promise<Loose> {
  const { origin } = new URL(job.access.baseUrl);
  const headers = { ...bearer(job.access), ...asked.headers };
  return call(job, io, { ...asked, path: `${origin}${asked.path}`, headers, maxBytes: MAX_STATE });
}
