/** The active branch of a transcript: the way from its last entry to its first. Pure. */
import type { CompactionEntry, Entry } from "../ports/index.ts";
import type { Line } from "./_entries.ts";

export interface Branch {
  /** Newest first. */
  readonly lines: readonly { readonly entry: Entry; readonly bytes: number }[];
  /** The way goes on in lines that have not been read. */
  readonly open: boolean;
}

/**
 * Follows `parentId` through lines that are given newest first. A parent that is not there although
 * the whole file was read (`complete`), or where a line before cannot be read, was lost with a damaged line: the way goes on with the entry before.
 */
export function activeBranch(lines: readonly Line[], complete: boolean): Branch {
  const places = new Map<string, number>();
  for (const [at, { entry }] of lines.entries()) if (entry && !places.has(entry.id)) places.set(entry.id, at);
  const branch: { entry: Entry; bytes: number }[] = [];
  let at = nextEntry(lines, 0);
  while (at !== undefined) {
    const { entry, bytes } = lines[at]!;
    branch.push({ entry: entry!, bytes });
    if (entry!.parentId === null) return { lines: branch, open: false };
    const parent = places.get(entry!.parentId);
    if (parent !== undefined && parent > at) at = parent;
    else if (complete || isDamaged(lines, at + 1)) at = nextEntry(lines, at + 1);
    else return { lines: branch, open: true };
  }
  return { lines: branch, open: !complete };
}

function isDamaged(lines: readonly Line[], at: number): boolean {
  return lines[at] !== undefined && lines[at].entry === undefined;
}

function nextEntry(lines: readonly Line[], from: number): number | undefined {
  for (let at = from; at < lines.length; at += 1) if (lines[at]!.entry) return at;
  return undefined;
}

/**
 * How many entries of a branch belong into the model's context: back to the first one that the newest
 * compaction kept. Undefined while the branch has not been read that far.
 */
export function contextLength({ lines, open }: Branch): number | undefined {
  const compaction = lines.findIndex(({ entry }) => isCompaction(entry));
  if (compaction === -1) return open ? undefined : lines.length;
  const { firstKeptEntryId } = lines[compaction]!.entry as CompactionEntry;
  const kept = lines.findIndex(({ entry }) => entry.id === firstKeptEntryId);
  if (kept !== -1) return Math.max(kept, compaction) + 1;
  return open ? undefined : compaction + 1;
}

/** One without a summary ends nothing: what it should stand for would be lost. */
export function isCompaction(entry: Entry): entry is CompactionEntry {
  return entry.type === "compaction" && typeof (entry as Partial<CompactionEntry>).summary === "string";
}
