/** The tool `image_generate`. */
import type { Static } from "../../../contracts/schema.ts";
import { text } from "../../../contracts/tool.ts";
import type { ToolBody, ToolContext, ToolResult } from "../../../contracts/tool.ts";
import { compact } from "../../../base/text.ts";
import { Config } from "../../config/index.ts";
import { detailsOf } from "../_engine/make.ts";
import { Generate } from "../index.ts";
import type { Wishes } from "../index.ts";
import type { imageParams } from "../tools.ts";
import { givenIn, referencesIn } from "./references.ts";
import type { Given } from "./references.ts";
import { listed, placeFor, preview } from "./shared.ts";

type Params = Static<typeof imageParams>;

const picturesOf = ({ image, images }: Params): Given => ({
  kind: "image",
  what: "pictures",
  one: image,
  more: images,
  most: 14,
});

export const imageGenerate: ToolBody<Params> = {
  preview: (params, context) => preview("image", params, givenIn(picturesOf(params)), context),

  async run(params, context) {
    if (params.action === "list") return listed("image", context);
    if (params.action === "status")
      return text("Pictures are made while you wait: nothing is under way.", { task: null });
    return made(params, context);
  },
};

async function made(params: Params, context: ToolContext): Promise<ToolResult> {
  const { agentId, runId, signal, use } = context;
  const [config, generate] = await Promise.all([use(Config), use(Generate)]);
  const references = await referencesIn([picturesOf(params)], context);
  const result = await generate.make({
    kind: "image",
    config: config.current(),
    agentId,
    wishes: wishesOf(params),
    references,
    signal,
    runId,
    ...compact({ model: params.model, timeoutMs: params.timeoutMs, filename: params.filename }),
    ...placeFor(context),
  });
  const { files } = result;
  const lines = files.map((file) => `MEDIA:${"path" in file ? file.path : file.url}`);
  const it = files.length === 1 ? "The picture is made" : `${files.length} pictures are made`;
  const changes = result.normalization.map(
    ({ field, requested, applied }) => `${field} ${requested} became ${applied}`,
  );
  const left = result.ignored.map(({ key }) => key);
  const notes = [
    ...(changes.length === 0 ? [] : [`Changed to what ${result.provider} can do: ${changes.join("; ")}.`]),
    ...(left.length === 0 ? [] : [`Not possible with ${result.model}, left out: ${left.join(", ")}.`]),
  ];
  return text(
    [
      `${it} by ${result.provider}/${result.model}. Put these lines into your answer to send it:`,
      ...lines,
      ...notes,
    ].join("\n"),
    detailsOf(result),
  );
}

export function wishesOf(params: Params): Wishes {
  const { prompt = "", size, aspectRatio, resolution, quality, outputFormat, background, count, openai } = params;
  const { background: own, ...more } = openai ?? {};
  return {
    prompt,
    ...compact({ size, aspectRatio, resolution, quality, outputFormat, count, background: background ?? own }),
    ...(Object.keys(more).length === 0 ? {} : { openai: more }),
  };
}
