/** A transcript in memory, one for all sessions, with the rules of the real one. A fake. */
import type { Message } from "../../contracts/message.ts";
import type {
  CompactionEntry,
  Entry,
  MessageEntry,
  NewCompaction,
  TranscriptRef,
  Transcripts,
} from "../../store/index.ts";

export interface FakeTranscripts extends Transcripts {
  readonly entries: Entry[];
}

/** `written` hears of every message that is appended. */
export function fakeTranscripts(
  before: readonly { message: Message; runId: string }[] = [],
  written: (message: Message) => void = () => {},
): FakeTranscripts {
  const entries: Entry[] = [];
  const base = () => ({
    id: `e${entries.length}`,
    parentId: entries.at(-1)?.id ?? null,
    timestamp: new Date(0).toISOString(),
  });
  const add = (message: Message, runId: string | undefined): MessageEntry => {
    const run = runId === undefined ? {} : { runId };
    const entry: MessageEntry = { type: "message", ...base(), message, ...run };
    entries.push(entry);
    written(message);
    return entry;
  };
  for (const { message, runId } of before) add(message, runId);
  const fake = {
    entries,
    append: async (_ref: TranscriptRef, list: readonly { message: Message; runId?: string }[]) =>
      list.map(({ message, runId }) => add(message, runId)),
    compact: async (_ref: TranscriptRef, { firstKeptEntryId, ...compaction }: NewCompaction) => {
      const own = base();
      const entry: CompactionEntry = {
        type: "compaction",
        ...own,
        ...compaction,
        firstKeptEntryId: firstKeptEntryId ?? own.id,
      };
      entries.push(entry);
      return entry;
    },
    context: async () => {
      const newest = entries.findLast(({ type }) => type === "compaction") as CompactionEntry | undefined;
      const from = newest === undefined ? 0 : entries.findIndex(({ id }) => id === newest.firstKeptEntryId);
      return { entries: entries.slice(from), hasMore: from > 0, damaged: 0 };
    },
    tail: async (_ref: TranscriptRef, { maxEntries }: { maxEntries: number }) => ({
      entries: entries.slice(-maxEntries),
      hasMore: entries.length > maxEntries,
      damaged: 0,
    }),
    count: async () => entries.filter(({ type }) => type === "message").length,
    size: async () => 0,
    rotate: async () => undefined,
  };
  return fake as unknown as FakeTranscripts;
}
