/** How much of a note is read at once: `contextLimits` of the agent, then of all. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { agentsSection } from "../agents/index.ts";
import type { ReadLimits } from "./_read.ts";

const LINES = 120;
const CHARS = 12_000;

interface Limits {
  readonly memoryGetDefaultLines?: number;
  readonly memoryGetMaxChars?: number;
}

export function readLimits(config: ConfigSnapshot, agentId: string): ReadLimits {
  const { defaults, list } = config.section(agentsSection);
  const own = list?.find(({ id }) => id === agentId) as { contextLimits?: Limits } | undefined;
  const limits = { ...(defaults as { contextLimits?: Limits }).contextLimits, ...own?.contextLimits };
  return { lines: limits.memoryGetDefaultLines ?? LINES, chars: limits.memoryGetMaxChars ?? CHARS };
}
