/** `POST /v1/embeddings`: checked like any request; no model that is known here makes embeddings. */
import type { RouteCall } from "../../contracts/route.ts";
import { errors } from "./errors.ts";
import { answering } from "./_answering.ts";
import { invalid, text } from "./_fields.ts";
import { targetOf } from "./_target.ts";

export function embeddings(call: RouteCall): Promise<void> {
  return answering(call, async (body) => {
    const model = text(body, "model");
    if (model === undefined) throw invalid("model: Invalid input: expected string, received undefined");
    const { input } = body;
    const texts = Array.isArray(input) ? input : [input];
    if (texts.length === 0 || !texts.every((one) => typeof one === "string"))
      throw invalid("`input` must be a string or an array of strings.");
    await targetOf(call, { api: "chat", model });
    throw errors.API_NO_EMBEDDINGS();
  });
}
