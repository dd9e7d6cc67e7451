/** How much of a note is read at once. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { limitsOf } from "../agents/index.ts";
import type { ReadLimits } from "./_read.ts";

const LINES = 120;
const CHARS = 12_000;

export function readLimits(config: ConfigSnapshot, agentId: string): ReadLimits {
  const { memoryGetDefaultLines, memoryGetMaxChars } = limitsOf(config, agentId);
  return { lines: memoryGetDefaultLines ?? LINES, chars: memoryGetMaxChars ?? CHARS };
}
