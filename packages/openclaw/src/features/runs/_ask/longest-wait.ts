/** How long a run waits for a provider that asks for patience, before another model is tried. */
import type { Env } from "../../../base/env.ts";

const USUAL_MS = 60_000;
const OFF = new Set(["0", "false", "off", "none", "disabled"]);

/** `OPENCLAW_SDK_RETRY_MAX_WAIT_SECONDS`: seconds, or a word that takes the limit away. */
export function longestWaitMs(env: Env): number {
  const text = env["OPENCLAW_SDK_RETRY_MAX_WAIT_SECONDS"]?.trim().toLowerCase() ?? "";
  if (OFF.has(text)) return Number.POSITIVE_INFINITY;
  const seconds = Number(text);
  return text !== "" && seconds > 0 && Number.isFinite(seconds) ? seconds * 1000 : USUAL_MS;
}
