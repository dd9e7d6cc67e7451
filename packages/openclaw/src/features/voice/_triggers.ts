/** The words that wake devices. */
import type { Use } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";

const DEFAULTS: readonly string[] = ["openclaw", "claude", "computer"];
const MOST = 32;
const LONGEST = 64;

export async function readTriggers(use: Use): Promise<string[]> {
  const stored = await (await use(StoreToken)).kv.get("voicewake", "triggers");
  return stored === undefined ? [...DEFAULTS] : (JSON.parse(stored) as string[]);
}

/** Trimmed, without blanks and repeats, at most 32; nothing left brings back the usual words. */
export async function writeTriggers(use: Use, given: readonly string[]): Promise<string[]> {
  const words = given.map((word) => word.trim().slice(0, LONGEST)).filter((word) => word !== "");
  const kept = [...new Set(words)].slice(0, MOST);
  const triggers = kept.length === 0 ? [...DEFAULTS] : kept;
  await (await use(StoreToken)).kv.set("voicewake", "triggers", JSON.stringify(triggers));
  return triggers;
}
