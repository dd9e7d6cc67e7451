/** Pictures of xAI. Source: https://docs.x.ai/docs/guides/image-generations */
import { compact } from "../../../base/text.ts";
import { GenerationFailed, bearer, call, dataUri, fromBase64, listAt, textAt } from "../_engine/provider.ts";
import type { Adapter, Found } from "../_engine/provider.ts";

export const adapter: Adapter = {
  async begin(job, io) {
    const { access, model, references, wishes } = job;
    const pictures = references.map((one) => ({ type: "image_url", url: dataUri(one) }));
    const [picture] = pictures;
    const answer = await call(job, io, {
      path: picture ? "/images/edits" : "/images/generations",
      headers: bearer(access),
      json: compact({
        ...wishes.providerOptions,
        model,
        prompt: wishes.prompt,
        n: wishes.count ?? 1,
        aspect_ratio: wishes.aspectRatio,
        resolution: wishes.resolution?.toLowerCase(),
        response_format: "b64_json",
        image: pictures.length === 1 ? picture : undefined,
        images: pictures.length > 1 ? pictures : undefined,
      }),
    });
    const files = listAt(answer, "data").flatMap((one): Found[] => {
      const url = textAt(one, "url");
      if (textAt(one, "b64_json") !== undefined) return [{ data: fromBase64(one["b64_json"]) }];
      return url === undefined ? [] : [{ url }];
    });
    if (files.length === 0) throw new GenerationFailed("it sent no picture");
    return { files };
  },
};
