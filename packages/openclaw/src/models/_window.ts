/** How much of a model's window is used. */
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { ModelRow } from "../contracts/model.ts";

/** What a conversation may grow to where nobody says otherwise: a window of millions makes every turn cost its price. */
const USUAL = 200_000;

/** Tokens: what the operator says of this model, and of all; at most 200,000 where nothing is said. */
export function usedWindow(
  { contextWindow, budget }: Pick<ModelRow, "contextWindow" | "budget">,
  config: ConfigSnapshot,
): number {
  const forAll = config.at("agents.defaults.contextTokens");
  const most = typeof forAll === "number" ? forAll : (budget ?? USUAL);
  return Math.min(contextWindow, most, budget ?? contextWindow);
}
