import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import { Context } from "./index.ts";

export async function compactCommand({ use, sessionKey, rest, principal }: ChatCommandCall): Promise<ChatOutcome> {
  const context = await use(Context);
  const outcome = await context.compact(sessionKey, { by: principal, ...(rest === "" ? {} : { instructions: rest }) });
  if (outcome.compacted)
    return { reply: `🧹 Compacted: ${tokens(outcome.tokensBefore)} → ${tokens(outcome.tokensAfter)} tokens.` };
  if (!outcome.failed) return { reply: `🧹 Compaction skipped: ${outcome.reason}.` };
  return { reply: `⚠️ Compaction failed: ${sentence(outcome.reason)} The conversation is as it was.` };
}

/** `850`, `12.4k`, `1.2M`. */
export function tokens(count: number): string {
  if (count < 1000) return String(count);
  const [value, unit] = count < 1_000_000 ? [count / 1000, "k"] : [count / 1_000_000, "M"];
  return `${value >= 100 ? Math.round(value) : Number(value.toFixed(1))}${unit}`;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
