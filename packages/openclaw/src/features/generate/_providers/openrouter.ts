/** Pictures of chat models. Source: https://openrouter.ai/docs/features/multimodal/image-generation */
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { GenerationFailed, bearer, call, dataUri, fromBase64, listAt, sentence, textAt } from "../_engine/provider.ts";
import type { Adapter, Found, Io, Job } from "../_engine/provider.ts";
import { several } from "./_several.ts";

export const adapter: Adapter = {
  async begin(job, io) {
    return { files: await several(job.wishes.count ?? 1, () => once(job, io)) };
  },
};

async function once(job: Job, io: Io): Promise<readonly Found[]> {
  const { access, model, references, wishes } = job;
  const pictures = references.map((one) => ({ type: "image_url", image_url: { url: dataUri(one) } }));
  const config = compact({ aspect_ratio: wishes.aspectRatio, image_size: wishes.resolution });
  const answer = await call(job, io, {
    path: "/chat/completions",
    headers: bearer(access),
    json: {
      ...wishes.providerOptions,
      model,
      messages: [{ role: "user", content: [{ type: "text", text: wishes.prompt }, ...pictures] }],
      modalities: ["image", "text"],
      ...(Object.keys(config).length === 0 ? {} : { image_config: config }),
    },
  });
  const [choice = {}] = listAt(answer, "choices");
  const message = record(choice["message"]);
  const files = listAt(message, "images").flatMap(({ image_url: image }): Found[] => {
    const url = textAt(record(image), "url");
    if (url === undefined) return [];
    return [url.startsWith("data:") ? { data: fromBase64(url) } : { url }];
  });
  const said = sentence(textAt(record(answer["error"]), "message") ?? message["content"]);
  if (files.length === 0)
    throw new GenerationFailed(said === "" ? "it sent no picture" : `it sent no picture: ${said}`);
  return files;
}
