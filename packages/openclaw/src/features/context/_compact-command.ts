import { shortCount } from "../../base/measure.ts";
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import { Context } from "./index.ts";

export async function compactCommand({ use, sessionKey, rest, principal }: ChatCommandCall): Promise<ChatOutcome> {
  const context = await use(Context);
  const outcome = await context.compact(sessionKey, { by: principal, ...(rest === "" ? {} : { instructions: rest }) });
  if (outcome.compacted)
    return { reply: `🧹 Compacted: ${shortCount(outcome.tokensBefore)} → ${shortCount(outcome.tokensAfter)} tokens.` };
  if (!outcome.failed) return { reply: `🧹 Compaction skipped: ${outcome.reason}.` };
  return { reply: `⚠️ Compaction failed: ${sentence(outcome.reason)} The conversation is as it was.` };
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
