/** Body of `infer embedding create`. */
import type { CliContext } from "../../contracts/cli.ts";
import { Models } from "../../models/index.ts";
import { fullRef } from "./_ask.ts";
import { answered } from "./_envelope.ts";
import { errors } from "./errors.ts";

const USUAL = "openai/text-embedding-3-small";

export function create(context: CliContext): Promise<number | void> {
  const { config, options, signal, use } = context;
  return answered(context, "embedding.create", async () => {
    const given = options["text"];
    const input = (Array.isArray(given) ? given : [given]).filter(
      (text): text is string => typeof text === "string" && text.trim() !== "",
    );
    if (input.length === 0) throw errors.INFER_NOTHING_ASKED({ flag: "--text" });
    const ref = fullRef(options) ?? USUAL;
    const slash = ref.indexOf("/");
    const models = await use(Models);
    const asked = { provider: ref.slice(0, slash), model: ref.slice(slash + 1), config: await config() };
    const endpoint = await models.embedder(asked);
    const { vectors, tokens } = await models.embed({ endpoint, input, signal });
    return {
      provider: endpoint.provider,
      model: endpoint.model.id,
      outputs: vectors.map((vector, i) => ({
        text: `${vector.length} numbers: ${vector
          .slice(0, 4)
          .map((n) => n.toFixed(4))
          .join(", ")}, …`,
        index: i,
        dimensions: vector.length,
        vector,
        tokens,
      })),
    };
  });
}
