/** Cutting a transcript down: to its newest entries, or to what its context holds. */
import type { GrowingFile, OpenGrowing } from "../../base/growing-file.ts";
import type { Message } from "../../contracts/message.ts";
import type { CompactionEntry, Entry, MessageEntry, TranscriptWindow } from "../ports/index.ts";
import { rewrite } from "./_rewrite.ts";
import { readContext, readTail } from "./_window.ts";

/** Most bytes of lines that are kept. */
const MAX_KEPT = 512 * 1024 * 1024;
/** User turns from this length on are dropped when the same one follows without an answer in between. */
const LONG_TURN = 400;

export interface Trimming {
  readonly file: string;
  /** Name of the copy. */
  readonly archived: string;
  readonly open: OpenGrowing;
  /** Fields of the new header. */
  readonly header: Readonly<Record<string, unknown>>;
}

/** Returns how many entries were kept; undefined when there was nothing to cut. */
export async function trim(trimming: Trimming, maxEntries: number): Promise<number | undefined> {
  const window = await look(trimming, (file) => readTail(file, { maxEntries, maxBytes: MAX_KEPT }));
  if (!window?.hasMore) return undefined;
  await rewrite(trimming, window.entries);
  return window.entries.length;
}

/** False when the context is everything that the file holds. */
export async function rotate(trimming: Trimming): Promise<boolean> {
  const window = await look(trimming, (file) => readContext(file, MAX_KEPT));
  if (!window?.hasMore) return false;
  await rewrite(trimming, withoutRepeats(window.entries));
  return true;
}

async function look(
  { file, open }: Trimming,
  read: (opened: GrowingFile) => Promise<TranscriptWindow>,
): Promise<TranscriptWindow | undefined> {
  const opened = await open(file, "read");
  if (!opened) return undefined;
  try {
    return await read(opened);
  } finally {
    await opened.close();
  }
}

/** A long message that was sent again and again while nothing answered stands once, at its last place. */
function withoutRepeats(entries: readonly Entry[]): readonly Entry[] {
  const kept: Entry[] = [];
  let later: string | undefined;
  for (const entry of entries.toReversed()) {
    const message = entry.type === "message" ? (entry as MessageEntry).message : undefined;
    const text = message?.role === "user" ? textOf(message) : undefined;
    if (text !== undefined && text.length >= LONG_TURN && text === later) continue;
    kept.push(entry);
    if (text !== undefined) later = text;
    else if (message !== undefined) later = undefined;
  }
  return pointingAt(kept.toReversed());
}

/** The context goes on with the first entry that is there, should the one that was kept first be gone. */
function pointingAt(entries: readonly Entry[]): readonly Entry[] {
  const ids = new Set(entries.map(({ id }) => id));
  return entries.map((entry) =>
    entry.type === "compaction" && !ids.has((entry as CompactionEntry).firstKeptEntryId)
      ? { ...entry, firstKeptEntryId: entries[0]?.id ?? entry.id }
      : entry,
  );
}

function textOf({ content }: Message): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}
