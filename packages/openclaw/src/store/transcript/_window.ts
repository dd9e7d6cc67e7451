import type { GrowingFile } from "../../base/growing-file.ts";
import type { CompactionEntry, Entry, TranscriptWindow } from "../ports/index.ts";
import { activeBranch, contextLength, isCompaction } from "./_branch.ts";
import type { Branch } from "./_branch.ts";
import { linesFromEnd } from "./_entries.ts";
import type { Line } from "./_entries.ts";

export const EMPTY_WINDOW: TranscriptWindow = { entries: [], hasMore: false, damaged: 0 };

/** The newest `maxEntries` entries. */
export function readTail(
  file: GrowingFile,
  limits: { maxEntries: number; maxBytes: number },
): Promise<TranscriptWindow> {
  const wanted = Math.max(0, Math.floor(limits.maxEntries));
  const whole = { maxBytes: limits.maxBytes, weigh: (bytes: number) => bytes, most: limits.maxBytes };
  return read(file, whole, ({ lines, open }) =>
    lines.length > wanted || !open ? Math.min(wanted, lines.length) : undefined,
  );
}

/** A long line, as a rule one with a picture, weighs no more than this: a few of them must not be all that is read. */
const HEAVY = 64 * 1024;
/** But no more than so many times `maxBytes` in all. */
const MOST = 12;

export async function readContext(file: GrowingFile, maxBytes: number): Promise<TranscriptWindow> {
  const limits = { maxBytes, weigh: (bytes: number) => Math.min(bytes, HEAVY), most: maxBytes * MOST };
  return read(file, limits, contextLength);
}

/** Entries that another transcript can begin with: the context up to an entry, chained anew from its first. */
export async function forked(
  file: GrowingFile,
  { maxBytes, upTo }: { readonly maxBytes: number; readonly upTo: string | undefined },
): Promise<readonly Entry[]> {
  const { entries } = await readContext(file, maxBytes);
  const end = upTo === undefined ? entries.length : entries.findIndex(({ id }) => id === upTo) + 1;
  const kept = entries.slice(0, end);
  const ids = new Set(kept.map(({ id }) => id));
  return kept.map((entry, at) => ({
    ...entry,
    parentId: kept[at - 1]?.id ?? null,
    ...(entry.type === "compaction" && !ids.has((entry as CompactionEntry).firstKeptEntryId)
      ? { firstKeptEntryId: kept[0]?.id ?? entry.id }
      : {}),
  }));
}

interface Limits {
  readonly maxBytes: number;
  /** What a line counts. */
  readonly weigh: (bytes: number) => number;
  /** Bytes that are read, whatever they count. */
  readonly most: number;
}

/**
 * Reads back until `enough` says how many entries of the branch are wanted, or `maxBytes` were read.
 * The newest entry is returned whatever its size, and a compaction that was read in any case.
 */
async function read(
  file: GrowingFile,
  limits: Limits,
  enough: (branch: Branch) => number | undefined,
): Promise<TranscriptWindow> {
  const lines: Line[] = [];
  let weight = 0;
  let bytes = 0;
  for await (const group of linesFromEnd(file)) {
    for (const line of group) {
      lines.push(line);
      weight += limits.weigh(line.bytes);
      bytes += line.bytes;
    }
    const branch = activeBranch(lines, false);
    const length = enough(branch);
    if (length !== undefined) return cut(branch, length, limits, lines);
    if ((weight > limits.maxBytes || bytes > limits.most) && branch.lines.length > 0)
      return cut(branch, branch.lines.length, limits, lines);
  }
  const branch = activeBranch(lines, true);
  return cut(branch, enough(branch) ?? branch.lines.length, limits, lines);
}

function cut(
  branch: Branch,
  length: number,
  { maxBytes, weigh, most }: Limits,
  read: readonly Line[],
): TranscriptWindow {
  let fits = 0;
  for (let weight = 0, bytes = 0; fits < length; fits += 1) {
    weight += weigh(branch.lines[fits]!.bytes);
    bytes += branch.lines[fits]!.bytes;
    if ((weight > maxBytes || bytes > most) && fits > 0) break;
  }
  const beyond = branch.lines.slice(fits, length).find(({ entry }) => isCompaction(entry));
  return {
    entries: [...branch.lines.slice(0, fits), ...(beyond && most > maxBytes ? [beyond] : [])]
      .map(({ entry }) => entry)
      .reverse(),
    hasMore: branch.open || fits < branch.lines.length,
    damaged: read.filter(({ entry }) => entry === undefined).length,
  };
}
