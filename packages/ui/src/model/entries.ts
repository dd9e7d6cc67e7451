/** Stored messages: from the wire into one ordered list without doubles. */
import { textIn } from "./conversation.ts";
import type { Entry } from "./conversation.ts";
import type { WireMessage } from "openclaw/client";

/** `seq`: position to assume where the message does not name one. */
export function toEntry(message: WireMessage, seq: number, id?: string): Entry {
  const meta = message.__openclaw;
  return { id: id ?? meta?.id ?? derivedId(message), seq: meta?.seq ?? seq, message };
}

/** Messages of one page, oldest first; `total` is the length of the transcript, `offset` what is newer than the page. */
export function pageEntries(messages: readonly WireMessage[], total: number | undefined, offset: number): Entry[] {
  const first = (total ?? offset + messages.length) - offset - messages.length + 1;
  return messages.map((message, index) => toEntry(message, first + index));
}

/** Both lists by `seq`; where both have a message, the one in `newer`. */
export function mergeEntries(known: readonly Entry[], newer: readonly Entry[]): readonly Entry[] {
  const fresh = new Set(newer.map((entry) => entry.id));
  const kept = known.filter((entry) => !fresh.has(entry.id));
  return [...kept, ...newer].sort((a, b) => a.seq - b.seq);
}

/** Whether the newest page leaves messages out between itself and what was known. */
export function leavesHole(known: readonly Entry[], page: readonly Entry[]): boolean {
  const first = page[0];
  const last = known.at(-1);
  return first !== undefined && last !== undefined && first.seq > last.seq + 1;
}

function derivedId(message: WireMessage): string {
  const mark = message.toolCallId ?? message.idempotencyKey ?? textIn(message.content).slice(0, 64);
  return `${message.role} ${message.timestamp} ${mark}`;
}
