/** Where a conversation is cut: what is summarised before, what stays as it is after. Pure. */
import { totalTokens, messageTokens } from "../_tokens.ts";
import type { StoredMessage } from "../_stored.ts";

export interface Cut {
  /** Whole turns that are summarised, oldest first. */
  readonly history: readonly StoredMessage[];
  /** Beginning of a turn whose end stays: summarised by itself. */
  readonly begun: readonly StoredMessage[];
  /** The newest message that is summarised. */
  readonly last: StoredMessage;
}

export interface CutOptions {
  /** How many at the beginning are records of earlier compactions. */
  readonly records: number;
  /** Tokens at the end that stay. 0: everything is summarised. */
  readonly keepTokens: number;
}

/**
 * Undefined when there is nothing to summarise. Never between an assistant's calls and their results, and calls
 * that wait for their results stay; the newest message stays unless everything is summarised.
 */
export function chooseCut(stored: readonly StoredMessage[], { records, keepTokens }: CutOptions): Cut | undefined {
  const boundary = keepTokens === 0 ? pendingFrom(stored, records) : boundaryFor(stored, records, keepTokens);
  const last = stored[boundary - 1];
  if (last === undefined || boundary <= records) return undefined;
  const splits = boundary < stored.length && stored[boundary]!.message.role !== "user";
  const turn = splits ? stored.findLastIndex(({ message }, at) => at < boundary && message.role === "user") : boundary;
  const from = Math.max(records, turn);
  return { history: stored.slice(records, from), begun: stored.slice(from, boundary), last };
}

function boundaryFor(stored: readonly StoredMessage[], records: number, keepTokens: number): number {
  let kept = 0;
  let at = stored.length;
  while (at > records) {
    kept += messageTokens(stored[at - 1]!.message);
    if (kept > keepTokens && at < stored.length) break;
    at -= 1;
  }
  return atTurn(stored, wholeBlock(stored, records, at), keepTokens);
}

/** A turn that is over is not torn for a small rest of it: then what follows it stays. */
function atTurn(stored: readonly StoredMessage[], boundary: number, keepTokens: number): number {
  const next = stored.findIndex(({ message }, at) => at >= boundary && message.role === "user");
  if (next <= boundary) return boundary;
  const rest = totalTokens(stored.slice(boundary, next).map(({ message }) => message));
  return rest <= keepTokens / 2 ? next : boundary;
}

/** Results stay with their calls: the boundary moves back to the assistant message. */
function wholeBlock(stored: readonly StoredMessage[], records: number, boundary: number): number {
  let at = boundary;
  while (at > records && stored[at]?.message.role === "toolResult") at -= 1;
  return at;
}

/** The end, unless calls there have not all got their results yet: then the message that made them. */
function pendingFrom(stored: readonly StoredMessage[], records: number): number {
  const answer = stored.findLastIndex(({ message }) => message.role !== "toolResult");
  const message = stored[answer]?.message;
  if (answer < records || message?.role !== "assistant") return stored.length;
  if (message.stopReason === "aborted" || message.stopReason === "error") return stored.length;
  const calls = message.content.filter(({ type }) => type === "toolCall").length;
  return stored.length - 1 - answer < calls ? answer : stored.length;
}

/** Whether summarising these is worth a call of a model. */
export function isWorthwhile({ history, begun }: Cut): boolean {
  return totalTokens([...history, ...begun].map(({ message }) => message)) >= LEAST_TOKENS;
}

const LEAST_TOKENS = 60;
