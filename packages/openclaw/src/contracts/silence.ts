/** Words by which an assistant says that nothing is to be said. */

/** Any run: an answer that is this and nothing else is not delivered; case does not matter. */
export const NO_REPLY = "NO_REPLY";
/** Heartbeats: nothing needs attention. At the edges of any other answer it is taken out. */
export const HEARTBEAT_OK = "HEARTBEAT_OK";
/** The step that tells the outcome of a helper or a job: nothing is told. */
export const ANNOUNCE_SKIP = "ANNOUNCE_SKIP";
/** Two agents in conversation: this one ends it. */
export const REPLY_SKIP = "REPLY_SKIP";

/** Whether an answer says that it is none. */
export function isSilent(text: string): boolean {
  return text.trim().toUpperCase() === NO_REPLY;
}

/** Whether an answer that is still being written is, or may still become, `NO_REPLY`: nothing of it may be shown yet. */
export function mayBeSilent(text: string): boolean {
  const begun = text.trimStart().toUpperCase();
  return begun === "" || begun.startsWith(NO_REPLY) || NO_REPLY.startsWith(begun.trimEnd());
}

/** Whether an answer is exactly this word: `ANNOUNCE_SKIP`, `REPLY_SKIP`. */
export function isExactly(text: string, word: string): boolean {
  return text.trim() === word;
}

/** The word at an edge, once or more: perhaps emphasised, perhaps as a sentence. */
const AT_START = /^\s*(?:[*_]*HEARTBEAT_OK(?![A-Za-z0-9])[*_]*[.!]?\s*)+/;
const AT_END = /(?:(?<![A-Za-z0-9_])[*_]*HEARTBEAT_OK(?![A-Za-z0-9])[*_]*[.!]?\s*)+$/;

/** Takes `HEARTBEAT_OK` from the start and the end; in the middle it stays. */
export function withoutHeartbeatOk(text: string): { readonly text: string; readonly found: boolean } {
  if (!text.includes(HEARTBEAT_OK)) return { text, found: false };
  const rest = endCut(text.replace(AT_START, ""));
  return rest === text ? { text, found: false } : { text: rest.trim(), found: true };
}

/** The same at the start only, for an answer whose end is still to come. */
export function withoutOpeningOk(text: string): string {
  return text.includes(HEARTBEAT_OK) ? text.replace(AT_START, "") : text;
}

/** The same at the end only, for an answer whose start was shown; `before` is its last character. */
export function withoutClosingOk(text: string, before: string): string {
  return text.includes(HEARTBEAT_OK) ? endCut(before + text).slice(before.length) : text;
}

/** Characters at the end in which the word is looked for. */
const LOOKED_AT = 4000;

function endCut(text: string): string {
  const from = Math.max(0, text.length - LOOKED_AT);
  return text.slice(0, from) + text.slice(from).replace(AT_END, "");
}

/** What a heartbeat has to say: undefined when all is well, or little beside it (`ackMaxChars` characters). */
export function heartbeatReply(text: string, ackMaxChars: number): string | undefined {
  const { text: rest, found } = withoutHeartbeatOk(text);
  if (rest.trim() === "" || isSilent(rest)) return undefined;
  return found && rest.length <= ackMaxChars ? undefined : rest;
}
