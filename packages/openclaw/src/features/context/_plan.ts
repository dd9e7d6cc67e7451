/** How a window is shared out, in tokens. Figures of the configuration are made for large windows; small ones get shares. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { ModelRow } from "../../contracts/model.ts";
import { usedWindow } from "../../models/index.ts";
import { errors } from "./errors.ts";
import { compactionOf } from "./_settings.ts";

/** The assistant works from here on, with a prompt that is cut to size. */
const SMALLEST_WINDOW = 8000;
export const SMALL_WINDOW = 32_000;

export interface WindowPlan {
  /** Of the model, as much of it as is used. */
  readonly window: number;
  /** Kept free for the answer. */
  readonly reserve: number;
  /** From here on the conversation is summarised. */
  readonly limit: number;
  /** From here on notes are written first. */
  readonly flushFrom: number;
  /** What stays as it is when it is summarised. */
  readonly keepRecent: number;
  /** Most that prompt and tool schemas may take. */
  readonly promptBudget: number;
}

const DEFAULT_RESERVE = 16_384;
const DEFAULT_KEEP = 20_000;

/** `seen`: a smaller window than the model is said to have, found out by being refused. */
export function planWindow(
  model: Pick<ModelRow, "contextWindow" | "budget">,
  config: ConfigSnapshot,
  seen?: number,
): WindowPlan {
  const settings = compactionOf(config);
  const window = Math.min(usedWindow(model, config), seen ?? Number.POSITIVE_INFINITY);
  const wanted = Math.max(settings.reserveTokens ?? DEFAULT_RESERVE, settings.reserveTokensFloor);
  const reserve = Math.min(wanted, Math.floor(window / (settings.reserveTokens === undefined ? 4 : 2)));
  const limit = window - reserve;
  return {
    window,
    reserve,
    limit,
    flushFrom: limit - Math.min(settings.memoryFlush.softThresholdTokens, Math.floor(window / 10)),
    keepRecent: Math.min(settings.keepRecentTokens ?? DEFAULT_KEEP, Math.floor(limit * 0.3)),
    promptBudget: Math.floor(limit / 2),
  };
}

/** Throws `CONTEXT_WINDOW_TOO_SMALL`. */
export function assertWindow(model: Pick<ModelRow, "contextWindow" | "budget" | "id">, config: ConfigSnapshot): void {
  const { window } = planWindow(model, config);
  if (window < SMALLEST_WINDOW)
    throw errors.CONTEXT_WINDOW_TOO_SMALL({ model: model.id, window, least: SMALLEST_WINDOW });
}
