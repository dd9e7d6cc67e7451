/** How full the window is: what the model reported last, and an estimate of what came after. */
import { promptTokens } from "../../contracts/message.ts";
import type { AssistantMessage } from "../../contracts/message.ts";
import type { Conversation } from "./_conversations.ts";
import { messageTokens } from "./_tokens.ts";

/** A report that is smaller than this share of the estimate is not believed: some servers count only what is new to them. */
const CREDIBLE = 1 / 4;

/**
 * Tokens of the next request as the conversation stands. `fixed`: prompt and schemas, where nothing was reported yet.
 * `shown`: what the newest view came to, when pruning made it shorter than the conversation.
 */
export function contextTokens(
  { stored, since }: Pick<Conversation, "stored" | "since">,
  { fixed, shown }: { readonly fixed: number; readonly shown?: { readonly tokens: number; readonly upTo: number } },
): number {
  let after = 0;
  let reported: number | undefined;
  let at = stored.length;
  while (at > since && reported === undefined) {
    at -= 1;
    const { message } = stored[at]!;
    if (message.role === "assistant") reported = reportedBy(message);
    if (reported === undefined) after += messageTokens(message);
  }
  const estimate = fixed + estimated(stored, shown);
  if (reported === undefined || reported + after < estimate * CREDIBLE) return estimate;
  return reported + after;
}

function estimated(stored: Conversation["stored"], shown: { tokens: number; upTo: number } | undefined): number {
  const from = shown === undefined || shown.upTo > stored.length ? 0 : shown.upTo;
  let tokens = from === 0 ? 0 : (shown?.tokens ?? 0);
  for (let at = from; at < stored.length; at += 1) tokens += messageTokens(stored[at]!.message);
  return tokens;
}

/** Everything the model read and wrote, which it will read next time; undefined for a call that failed. */
function reportedBy({ usage, stopReason }: AssistantMessage): number | undefined {
  if (stopReason === "error" || stopReason === "aborted") return undefined;
  const tokens = promptTokens(usage) + usage.output;
  return tokens > 0 ? tokens : undefined;
}
