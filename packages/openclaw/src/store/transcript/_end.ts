/** The end of a transcript, where the next entry goes. */
import { writeDurable } from "../../base/files.ts";
import { openGrowing } from "../../base/growing-file.ts";
import type { GrowingFile } from "../../base/growing-file.ts";
import { LONGEST_LINE, linesFromEnd, linesOf } from "./_entries.ts";

const NEWLINE = Buffer.from("\n");
const BLOCK = 64 * 1024;
const COPIED = 4 * 1024 * 1024;

/** Id of the last entry of a file whose last line is whole. */
export async function lastEntryId(file: GrowingFile): Promise<string | null> {
  for await (const lines of linesFromEnd(file)) {
    const last = lines.find(({ entry }) => entry !== undefined)?.entry;
    if (last) return last.id;
  }
  return null;
}

/**
 * Ends the file with a whole line. A last line without its end is completed when it can be read, and
 * otherwise (a crash in mid-write) cut off and kept in `<path>.torn.<stamp>`, whose name is returned.
 */
export async function repairEnd(file: GrowingFile, path: string, stamp: string): Promise<string | undefined> {
  if (file.size === 0 || (await file.read(file.size - 1, file.size))[0] === 0x0a) return undefined;
  const start = await startOfLastLine(file);
  const kept = `${path}.torn.${stamp}`;
  if (file.size - start > LONGEST_LINE) await copyRest(file, start, kept);
  else {
    const torn = await file.read(start, file.size);
    if (isJson(torn)) {
      await file.append(NEWLINE, { durable: false });
      return undefined;
    }
    await writeDurable(kept, torn);
  }
  await file.truncate(start);
  return kept;
}

/** Most of what somebody else has added that is looked at. */
const MOST_FOREIGN = 16 * 1024 * 1024;

/**
 * Id of the entry that goes on from `leaf` in what somebody else added after the first `from` bytes, whole lines.
 * Entries that do not follow from it are not of this conversation: it goes on as if they were not there.
 */
export async function leafAfter(file: GrowingFile, from: number, leaf: string | null): Promise<string | null> {
  if (file.size - from > MOST_FOREIGN) return leaf;
  const known = new Set([leaf]);
  let last = leaf;
  for (const { entry } of linesOf(await file.read(from, file.size)).toReversed()) {
    if (entry === undefined || known.has(entry.id) || !known.has(entry.parentId)) continue;
    known.add(entry.id);
    last = entry.id;
  }
  return last;
}

async function copyRest(file: GrowingFile, start: number, to: string): Promise<void> {
  const copy = await openGrowing(to, "append");
  try {
    for (let at = start; at < file.size; at += COPIED)
      await copy!.append(await file.read(at, Math.min(file.size, at + COPIED)), {
        durable: at + COPIED >= file.size,
      });
  } finally {
    await copy!.close();
  }
}

async function startOfLastLine(file: GrowingFile): Promise<number> {
  for (let end = file.size; end > 0;) {
    const start = Math.max(0, end - BLOCK);
    const at = (await file.read(start, end)).lastIndexOf(0x0a);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

function isJson(data: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(data.toString("utf8"));
    return value !== null && typeof value === "object";
  } catch {
    return false;
  }
}
