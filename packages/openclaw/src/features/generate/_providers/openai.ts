/**
 * `POST /images/generations` and `/images/edits`, as OpenAI, Azure, LiteLLM and DeepInfra serve them.
 * Source: https://platform.openai.com/docs/api-reference/images
 */
import { compact } from "../../../base/text.ts";
import { GenerationFailed, bearer, call, fromBase64, listAt, textAt } from "../_engine/provider.ts";
import type { Access, Adapter, Found, Job } from "../_engine/provider.ts";

const AZURE_VERSION = "2024-12-01-preview";

export const adapter: Adapter = {
  async begin(job, io) {
    const { access, model, references, wishes } = job;
    const edits = references.length > 0;
    const azure = /\.(?:openai\.azure\.com|cognitiveservices\.azure\.com)$/.test(new URL(access.baseUrl).hostname);
    const headers = azure ? azureKey(access) : bearer(access);
    const path = edits ? "/images/edits" : "/images/generations";
    const fields = compact({
      ...wishes.providerOptions,
      model: azure ? undefined : model,
      prompt: wishes.prompt,
      n: wishes.count ?? 1,
      size: wishes.size,
      quality: wishes.quality,
      output_format: wishes.outputFormat,
      background: wishes.background,
      moderation: wishes.openai?.["moderation"],
      output_compression: wishes.openai?.["outputCompression"],
      user: wishes.openai?.["user"],
      response_format: model.startsWith("gpt-image") ? undefined : "b64_json",
    });
    const answer = await call(job, io, {
      path: azure ? azurePath(access, model, path) : path,
      headers,
      ...(edits ? { form: formOf(fields, references) } : { json: fields }),
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

function formOf(fields: object, references: Job["references"]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  const name = references.length > 1 ? "image[]" : "image";
  references.forEach(({ data, mimeType }, i) => {
    const ending = mimeType.split("/")[1] ?? "png";
    form.append(name, new Blob([new Uint8Array(data)], { type: mimeType }), `reference-${i + 1}.${ending}`);
  });
  return form;
}

function azureKey({ apiKey }: Access): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { "api-key": apiKey };
}

function azurePath({ baseUrl }: Access, deployment: string, path: string): string {
  const { origin } = new URL(baseUrl);
  return `${origin}/openai/deployments/${encodeURIComponent(deployment)}${path}?api-version=${AZURE_VERSION}`;
}
