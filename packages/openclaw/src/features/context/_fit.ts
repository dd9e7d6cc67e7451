/**
 * The last resort: what does not fit in spite of pruning and compaction is left out, oldest first, so that there
 * is always a request that the window takes. The transcript keeps everything.
 *
 * Where it was cut once, the view begins until it is full again, and a cut leaves a third free: the provider's
 * cache of the prefix holds meanwhile.
 */
import { elide } from "../../base/text.ts";
import type { AssistantMessage, Message, Part, ToolCallPart, UserMessage } from "../../contracts/message.ts";
import { messageTokens, totalTokens } from "./_tokens.ts";

/** Where the view of one conversation begins since it was last cut. */
export class FitState {
  from: Message | undefined;
}

type AnyPart = Part | AssistantMessage["content"][number];

const AFTER_CUT = 2 / 3;
const SHORTEST = 800;

export interface Fitting {
  readonly budget: number;
  readonly head: number;
  /** The messages as they stand in the transcript, by which they are known again. */
  readonly keys: readonly Message[];
  readonly state: FitState;
}

/** Stands for what was left out. Always the same bytes. */
const LEFT_OUT: UserMessage = {
  role: "user",
  content:
    "[Earlier messages of this conversation are left out here because they do not fit into the window. This is a note, not a request.]",
  timestamp: 0,
};

/**
 * The newest messages that fit into `budget` tokens. `head`: how many at the beginning stay in any case (the record
 * of what was before). The newest user message stays, if need be shortened.
 */
export function fit(messages: readonly Message[], { budget, head, keys, state }: Fitting): readonly Message[] {
  const known = state.from === undefined ? -1 : keys.indexOf(state.from);
  const start = Math.max(head, known);
  const sums = tailSums(messages);
  const begin = messages.slice(0, head);
  const fixed = totalTokens(begin) + messageTokens(LEFT_OUT);
  const assembled = (from: number) => (from <= head ? messages : [...begin, LEFT_OUT, ...messages.slice(from)]);
  if ((sums[start] ?? 0) + fixed <= budget) return assembled(start);
  const room = budget * AFTER_CUT - fixed;
  const at = cutAt(messages, sums, { start, room });
  state.from = keys[at];
  const rest = messages.slice(at);
  const asked = rest[0]?.role === "user" ? [] : lastUser(messages, at);
  return shorten([...begin, LEFT_OUT, ...asked, ...rest], budget);
}

/** Tokens from each place to the end. */
function tailSums(messages: readonly Message[]): number[] {
  const sums = new Array<number>(messages.length + 1).fill(0);
  for (let at = messages.length - 1; at >= 0; at -= 1) sums[at] = sums[at + 1]! + messageTokens(messages[at]!);
  return sums;
}

/** The first user message from which everything fits; inside the newest turn the first answer; else the newest user message. */
function cutAt(
  messages: readonly Message[],
  sums: readonly number[],
  { start, room }: { start: number; room: number },
): number {
  for (let at = start; at < messages.length; at += 1) if (messages[at]!.role === "user" && sums[at]! <= room) return at;
  const newest = messages.findLastIndex(({ role }) => role === "user");
  const asked = newest < 0 ? 0 : messageTokens(messages[newest]!);
  for (let at = newest + 1; at < messages.length; at += 1)
    if (messages[at]!.role === "assistant" && sums[at]! + asked <= room) return at;
  const answer = messages.findLastIndex(({ role }) => role === "assistant");
  return answer > newest ? answer : Math.max(newest, 0);
}

function lastUser(messages: readonly Message[], before: number): Message[] {
  const user = messages.slice(0, before).findLast(({ role }) => role === "user");
  return user === undefined ? [] : [user];
}

/** Shortens the longest texts and arguments, to half each time, until all fits or nothing is left to shorten. */
function shorten(messages: readonly Message[], budget: number): readonly Message[] {
  let longest = Math.max(0, ...messages.map(longestText));
  let view = messages;
  while (totalTokens(view) > budget && longest > SHORTEST) {
    longest = Math.max(SHORTEST, Math.floor(longest / 2));
    view = view.map((message) => elided(message, longest));
  }
  return view;
}

function longestText({ content }: Message): number {
  return typeof content === "string" ? content.length : Math.max(0, ...content.map(lengthOf));
}

function lengthOf(part: AnyPart): number {
  if (part.type === "text") return part.text.length;
  return part.type === "toolCall" ? JSON.stringify(part.arguments).length : 0;
}

function elided(message: Message, max: number): Message {
  if (longestText(message) <= max) return message;
  if (typeof message.content === "string") return { ...(message as UserMessage), content: elide(message.content, max) };
  const content = message.content.map((part: AnyPart) => {
    if (lengthOf(part) <= max) return part;
    if (part.type === "text") return { ...part, text: elide(part.text, max) };
    return part.type === "toolCall" ? { ...part, arguments: shortArguments(part.arguments, max) } : part;
  });
  return { ...message, content } as Message;
}

/** With long strings cut; where that is not enough, what they came to as a text. */
function shortArguments(given: ToolCallPart["arguments"], max: number): ToolCallPart["arguments"] {
  const json = JSON.stringify(given, (_key, value: unknown) =>
    typeof value === "string" && value.length > max / 2 ? elide(value, Math.floor(max / 2)) : value,
  );
  if (json.length <= max) return JSON.parse(json) as ToolCallPart["arguments"];
  return { shortened: elide(json, Math.floor(max / 2)) };
}
