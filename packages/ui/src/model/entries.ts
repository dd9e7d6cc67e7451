/**
 * Stored messages in one ordered list without doubles. The wire numbers them only sometimes, so order comes from
 * where they stand: a page is a piece of the transcript without holes, an event is its newest message.
 */
import { textIn } from "./conversation.ts";
import type { Entry } from "./conversation.ts";
import type { Compaction, History, WireMessage } from "openclaw/client";

/** `tick`: when it was heard of. */
export function toEntry(message: WireMessage, tick: number, id?: string): Entry {
  return { id: id ?? message.__openclaw?.id ?? derivedId(message), tick, message };
}

/** A page of the history, with compactions in their places. */
export function toEntries({ messages, compactions = [] }: History, tick: number): readonly Entry[] {
  const entries = messages.map((message) => toEntry(message, tick));
  if (compactions.length === 0) return entries;
  const at = (id: string | null) =>
    compactions.filter(({ afterId }) => afterId === id).map((compaction) => compactionEntry(compaction, tick));
  return [...at(null), ...entries.flatMap((entry) => [entry, ...at(entry.id)])];
}

function compactionEntry(compaction: Compaction, tick: number): Entry {
  return { id: compaction.id, tick, message: { role: "system", content: "", timestamp: compaction.at }, compaction };
}

/** The newest message: appended, or in the place of what it replaces. */
export function withNewest(known: readonly Entry[], entry: Entry): readonly Entry[] {
  const at = known.findIndex((other) => other.id === entry.id);
  return at < 0 ? [...known, entry] : known.with(at, entry);
}

/**
 * The newest page of the transcript as it was at `since`, joined with what is known: what is older than the page
 * stays if the two meet, what was heard later stays behind it. `whole`: nothing known remains before the page.
 */
export function withPage(
  known: readonly Entry[],
  page: readonly Entry[],
  since: number,
): { readonly entries: readonly Entry[]; readonly whole: boolean } {
  const inPage = new Set(page.map((entry) => entry.id));
  const meeting = known.findIndex((entry) => inPage.has(entry.id));
  const before = meeting < 0 ? [] : known.slice(0, meeting);
  const later = known.filter((entry) => entry.tick > since && !inPage.has(entry.id));
  return { entries: [...before, ...page, ...later], whole: before.length === 0 };
}

/** A page further back; messages that came meanwhile let it overlap. */
export function withOlder(known: readonly Entry[], page: readonly Entry[]): readonly Entry[] {
  const have = new Set(known.map((entry) => entry.id));
  return [...page.filter((entry) => !have.has(entry.id)), ...known];
}

/** The entries after the one with this id; all of them when it is undefined or gone. */
export function after(entries: readonly Entry[], id: string | undefined): readonly Entry[] {
  return id === undefined ? entries : entries.slice(entries.findLastIndex((entry) => entry.id === id) + 1);
}

function derivedId(message: WireMessage): string {
  const mark = message.toolCallId ?? message.idempotencyKey ?? textIn(message.content).slice(0, 64);
  return `${message.role} ${message.timestamp} ${mark}`;
}
