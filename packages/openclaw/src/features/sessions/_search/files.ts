/** Transcripts of conversations: those in use, those that a reset ended, and what compaction laid aside. */
import { join } from "node:path";
import { entries, info } from "../../../base/files.ts";
import { openGrowing } from "../../../base/growing-file.ts";
import type { Place, SearchJob } from "./job.ts";
import { KEY_NOTE } from "./note.ts";

export interface TranscriptFile {
  readonly agentId: string;
  readonly sessionId: string;
  readonly path: string;
  /** Agent and name. */
  readonly id: string;
  readonly kind: "live" | "reset" | "compacted";
  readonly mtime: number;
}

const NAME = /^([A-Za-z0-9][A-Za-z0-9._-]*?)\.jsonl(?:\.(reset|compacted)\..+)?$/;
const TAIL = 64 * 1024;

/** The files to look through, in order: where an earlier page ended, then from the newest change to the oldest. */
export async function filesFor(job: SearchJob): Promise<{ file: TranscriptFile; rank: number; end?: number }[]> {
  const began = job.from?.began ?? job.now;
  const all: { file: TranscriptFile; rank: number }[] = [];
  for (const place of job.folders) {
    for (const { name, kind } of await entries(place.folder)) {
      const match = kind === "file" ? NAME.exec(name) : null;
      if (match?.[1] === undefined) continue;
      const file = await fileAt(place, name, match[1], match[2]);
      if (file && (await isWanted(file, job))) all.push({ file, rank: rankOf(file, began) });
    }
  }
  all.sort((a, b) => b.rank - a.rank || (a.file.id < b.file.id ? -1 : 1));
  return job.from === undefined ? all : after(all, job.from);
}

/** The key in the last lines of a transcript that a reset ended. */
export async function notedKey(path: string): Promise<string | undefined> {
  const file = await openGrowing(path, "read");
  if (!file) return undefined;
  try {
    const tail = (await file.read(Math.max(0, file.size - TAIL), file.size)).toString("utf8");
    const line = tail.split("\n").findLast((text) => text.includes(KEY_NOTE));
    const key = line === undefined ? undefined : (JSON.parse(line) as { data?: { key?: unknown } }).data?.key;
    return typeof key === "string" ? key : undefined;
  } catch {
    // A line that was cut says nothing.
    return undefined;
  } finally {
    await file.close();
  }
}

async function fileAt(
  { agentId, folder }: SearchJob["folders"][number],
  name: string,
  sessionId: string,
  kind: string | undefined,
): Promise<TranscriptFile | undefined> {
  const path = join(folder, name);
  const found = await info(path);
  if (!found?.isFile) return undefined;
  return {
    agentId,
    sessionId,
    path,
    id: `${agentId}/${name}`,
    kind: kind === "reset" || kind === "compacted" ? kind : "live",
    mtime: found.mtimeMs,
  };
}

async function isWanted(file: TranscriptFile, { archived, only, since }: SearchJob): Promise<boolean> {
  if (since !== undefined && file.mtime < since) return false;
  if (file.kind === "reset" && !archived) return false;
  if (only === undefined || file.sessionId === only.sessionId) return true;
  return file.kind === "reset" && (await notedKey(file.path)) === only.key;
}

/** What changed since the first page comes after everything else, so that no page leaves it out. */
function rankOf({ mtime }: TranscriptFile, began: number): number {
  return mtime <= began ? mtime : -mtime;
}

function after(all: readonly { file: TranscriptFile; rank: number }[], { file, rank, offset }: Place) {
  const here = all.find((one) => one.file.id === file);
  const later = all.filter((one) => one !== here && (one.rank < rank || (one.rank === rank && one.file.id > file)));
  return here === undefined ? later : [{ ...here, rank, end: offset }, ...later];
}
