/** Bodies of `infer image describe` and `describe-many`. */
import type { CliContext } from "../../contracts/cli.ts";
import { Media } from "../media/index.ts";
import { ask, fullRef } from "./_ask.ts";
import { answered } from "./_envelope.ts";
import type { Done } from "./_envelope.ts";
import { errors } from "./errors.ts";
import { filesOf, partOf } from "./_files.ts";

const PROMPT = "Describe the image.";

export function describe(context: CliContext): Promise<number | void> {
  return answered(context, "image.describe", () => looked(context, filesOf(context.options)));
}

export function describeMany(context: CliContext): Promise<number | void> {
  return answered(context, "image.describe-many", async () => {
    const done: Done[] = [];
    for (const path of filesOf(context.options)) done.push(await looked(context, [path]));
    const [first] = done;
    if (!first) throw errors.INFER_NOTHING_ASKED({ flag: "--file" });
    return {
      ...first,
      attempts: done.flatMap(({ attempts = [] }) => attempts),
      outputs: done.flatMap(({ outputs }) => outputs),
    };
  });
}

async function looked(context: CliContext, paths: readonly string[]): Promise<Done> {
  if (paths.length === 0) throw errors.INFER_NOTHING_ASKED({ flag: "--file" });
  const { config, options, use } = context;
  const media = await use(Media);
  const parts = await Promise.all(paths.map((path) => partOf(path, media)));
  const prompt = typeof options["prompt"] === "string" && options["prompt"] !== "" ? options["prompt"] : PROMPT;
  const setting = (await config()).at("agents.defaults.imageModel") as string | { primary?: string } | undefined;
  const usual = typeof setting === "string" ? setting : setting?.primary;
  const timeoutMs = Number(options["timeoutMs"] ?? 60_000);
  return ask(context, {
    ref: fullRef(options) ?? usual,
    content: [{ type: "text", text: prompt }, ...parts],
    ...(timeoutMs > 0 ? { timeoutMs } : {}),
  });
}
