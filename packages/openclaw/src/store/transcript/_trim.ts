/** Cutting a transcript down to its newest entries. */
import { readBytes, writeDurable } from "../../base/files.ts";
import type { GrowingFile, OpenGrowing } from "../../base/growing-file.ts";
import type { TranscriptWindow } from "../ports/index.ts";
import { readTail } from "./_window.ts";

/** Larger transcripts are left alone. */
const MAX_FILE = 512 * 1024 * 1024;

/**
 * Writes the copy, then the file anew in one step: a crash leaves the old or the new file, never none.
 * Returns how many entries were kept; undefined when there was nothing to cut.
 */
export async function trim(
  { file, archived, open }: { readonly file: string; readonly archived: string; readonly open: OpenGrowing },
  maxEntries: number,
): Promise<number | undefined> {
  const opened = await open(file, "read");
  if (!opened) return undefined;
  const { entries, hasMore } = await newest(opened, maxEntries);
  if (!hasMore) return undefined;
  const whole = await readBytes(file, MAX_FILE);
  if (whole === undefined) return undefined;
  await writeDurable(archived, whole);
  const header = whole.subarray(0, whole.indexOf(0x0a) + 1).toString("utf8");
  const lines = entries.map((entry, i) => `${JSON.stringify(i === 0 ? { ...entry, parentId: null } : entry)}\n`);
  await writeDurable(file, (header.startsWith('{"type":"session"') ? header : "") + lines.join(""));
  return entries.length;
}

async function newest(opened: GrowingFile, maxEntries: number): Promise<TranscriptWindow> {
  try {
    return await readTail(opened, { maxEntries, maxBytes: MAX_FILE });
  } finally {
    await opened.close();
  }
}
