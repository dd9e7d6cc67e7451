/** A million tokens of context at Anthropic (`params.context1m`). */
import { SETUP_TOKEN } from "../contracts/model.ts";
import type { Endpoint } from "../contracts/model.ts";

export const LONG_WINDOW = 1_000_000;

/** `refused`: asked for with the token of a subscription, which is not eligible; nothing is sent then. */
export function longWindow({
  api,
  native,
  params,
  apiKey,
  model,
}: Pick<Endpoint, "api" | "native" | "params" | "apiKey" | "model">): "asked" | "refused" | "no" {
  const wanted = api === "anthropic-messages" && native && params?.["context1m"] === true;
  if (!wanted || !/opus|sonnet/i.test(model.wireId ?? model.id)) return "no";
  return apiKey?.startsWith(SETUP_TOKEN) ? "refused" : "asked";
}
