import type { GrowingFile } from "../../base/growing-file.ts";
import type { CompactionEntry, Entry, TranscriptWindow } from "../ports/index.ts";
import { activeBranch, contextLength } from "./_branch.ts";
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
  return read(file, limits.maxBytes, ({ lines, open }) =>
    lines.length > wanted || !open ? Math.min(wanted, lines.length) : undefined,
  );
}

export function readContext(file: GrowingFile, maxBytes: number): Promise<TranscriptWindow> {
  return read(file, maxBytes, contextLength);
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

/**
 * Reads back until `enough` says how many entries of the branch are wanted, or `maxBytes` were read.
 * The newest entry is returned whatever its size.
 */
async function read(
  file: GrowingFile,
  maxBytes: number,
  enough: (branch: Branch) => number | undefined,
): Promise<TranscriptWindow> {
  const lines: Line[] = [];
  let bytes = 0;
  for await (const group of linesFromEnd(file)) {
    for (const line of group) {
      lines.push(line);
      bytes += line.bytes;
    }
    const branch = activeBranch(lines, false);
    const length = enough(branch);
    if (length !== undefined) return cut(branch, length, maxBytes, lines);
    if (bytes > maxBytes && branch.lines.length > 0) return cut(branch, branch.lines.length, maxBytes, lines);
  }
  const branch = activeBranch(lines, true);
  return cut(branch, enough(branch) ?? branch.lines.length, maxBytes, lines);
}

function cut(branch: Branch, length: number, maxBytes: number, read: readonly Line[]): TranscriptWindow {
  let fits = 0;
  for (let bytes = 0; fits < length; fits += 1) {
    bytes += branch.lines[fits]!.bytes;
    if (bytes > maxBytes && fits > 0) break;
  }
  return {
    entries: branch.lines
      .slice(0, fits)
      .map(({ entry }) => entry)
      .reverse(),
    hasMore: branch.open || fits < branch.lines.length,
    damaged: read.filter(({ entry }) => entry === undefined).length,
  };
}
