/** Pictures and music of `generateContent`. Source: https://ai.google.dev/gemini-api/docs/image-generation and …/music-generation */
import { record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { GenerationFailed, base64, call, fromBase64, listAt, sentence, textAt } from "../_engine/provider.ts";
import type { Access, Adapter, Found, Io, Job } from "../_engine/provider.ts";
import { several } from "./_several.ts";

export const adapter: Adapter = {
  async begin(job, io) {
    return { files: await several(job.wishes.count ?? 1, () => once(job, io)) };
  },
};

async function once(job: Job, io: Io): Promise<readonly Found[]> {
  const { access, kind, model, references, wishes } = job;
  const pictures = references.map(({ data, mimeType }) => ({ inlineData: { mimeType, data: base64({ data }) } }));
  const imageConfig = compact({ aspectRatio: wishes.aspectRatio, imageSize: wishes.resolution });
  const answer = await call(job, io, {
    path: `/models/${encodeURIComponent(model)}:generateContent`,
    headers: googleKey(access),
    json: {
      ...wishes.providerOptions,
      contents: [{ role: "user", parts: [...pictures, { text: promptOf(job) }] }],
      generationConfig: {
        responseModalities: kind === "music" ? ["AUDIO", "TEXT"] : ["TEXT", "IMAGE"],
        ...(Object.keys(imageConfig).length === 0 ? {} : { imageConfig }),
      },
    },
  });
  const parts = listAt(answer, "candidates").flatMap(({ content }) => listAt(record(content), "parts"));
  const files = parts.flatMap(({ inlineData, thought }) => {
    const data = record(inlineData)["data"];
    return data === undefined || thought === true ? [] : [{ data: fromBase64(data) }];
  });
  if (files.length === 0) throw new GenerationFailed(whyNothing(answer));
  return files;
}

/** The words of a song have no field of their own. */
function promptOf({ kind, wishes }: Job): string {
  if (kind !== "music") return wishes.prompt;
  const words = wishes.lyrics === undefined ? [] : [`Lyrics:\n${wishes.lyrics}`];
  const voice = wishes.instrumental === true ? ["Instrumental only, no vocals."] : [];
  return [wishes.prompt, ...voice, ...words].join("\n\n");
}

function whyNothing(answer: Loose): string {
  const blocked = textAt(record(answer["promptFeedback"]), "blockReason");
  const [first = {}] = listAt(answer, "candidates");
  const ended = textAt(first, "finishMessage") ?? textAt(first, "finishReason");
  const said = sentence(blocked ?? (ended === "STOP" ? undefined : ended));
  return said === "" ? "it sent no file" : `it sent no file (${said})`;
}

export function googleKey({ apiKey }: Access): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { "x-goog-api-key": apiKey };
}
