/** What two sessions are told of each other while they write to each other. */

interface Side {
  readonly sessionKey: string;
  readonly channel?: string;
}

const named = ({ sessionKey, channel }: Side): string =>
  channel === undefined ? sessionKey : `${sessionKey} (channel ${channel})`;

/** For the target, with the first message. */
export function firstContext(from: Side, to: Side): string {
  return [
    "Another session wrote this message; no user did. Answer it: what you say goes back to that session and to nobody else.",
    `It came from: ${named(from)}`,
    `You are: ${named(to)}`,
  ].join("\n");
}

/** For either side, with an answer of the other. `n` of at most `of`. */
export function turnContext(other: Side, { n, of }: { readonly n: number; readonly of: number }): string {
  return [
    `This is the answer of another session, ${named(other)}, to what you wrote to it; no user wrote it.`,
    `You may answer (${n} of at most ${of}); what you say goes to that session only.`,
    "When the matter is settled, answer only REPLY_SKIP. Do not thank, greet or repeat.",
  ].join("\n");
}

/** For the target, at the end. */
export function announcePrompt(
  message: string,
  { first, latest }: { readonly first: string; readonly latest: string },
): string {
  return [
    "The conversation with the other session has ended.",
    `It began with:\n${message}`,
    `Your first answer:\n${first}`,
    ...(latest === first ? [] : [`What was said last:\n${latest}`]),
    "What you say now is posted to your own chat. Say what people there should know of it, in a sentence or two; when they need not know anything, answer only ANNOUNCE_SKIP.",
  ].join("\n\n");
}
