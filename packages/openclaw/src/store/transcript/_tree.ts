/** A transcript as a tree: its branches, by the message that each ends with. Pure but for reading. */
import type { GrowingFile } from "../../base/growing-file.ts";
import { cut } from "../../base/text.ts";
import { textOf } from "../../contracts/message.ts";
import type { Entry, MessageEntry, TranscriptBranch } from "../ports/index.ts";
import { linesFromEnd } from "./_entries.ts";

/** What of a file is looked at for branches. */
const MAX_READ = 64 * 1024 * 1024;
const MOST_BRANCHES = 100;
const PREVIEW = 160;

/** Entries of the file, oldest first; the newest 64 MiB of it. */
export async function readEntries(file: GrowingFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  let bytes = 0;
  for await (const group of linesFromEnd(file)) {
    for (const line of group) {
      bytes += line.bytes;
      if (line.entry) entries.push(line.entry);
    }
    if (bytes > MAX_READ) break;
  }
  return entries.reverse();
}

/** Newest first. The first is the one that the conversation goes on with. */
export function branchesOf(entries: readonly Entry[]): TranscriptBranch[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const parents = new Set(entries.map(({ parentId }) => parentId));
  const tips = entries.filter(({ id }) => !parents.has(id)).toReversed();
  const active = entries.at(-1)?.id;
  const ordered = [...tips.filter(({ id }) => id === active), ...tips.filter(({ id }) => id !== active)];
  const seen = new Set<string>();
  const branches: TranscriptBranch[] = [];
  for (const tip of ordered) {
    const way = wayOf(tip, byId);
    const last = way.find((entry) => entry.type === "message") as MessageEntry | undefined;
    if (!last || seen.has(last.id)) continue;
    seen.add(last.id);
    branches.push({
      entryId: last.id,
      active: tip.id === active,
      messages: way.filter(({ type }) => type === "message").length,
      timestamp: last.timestamp,
      preview: previewOf(way),
    });
    if (branches.length === MOST_BRANCHES) break;
  }
  return branches;
}

/** From an entry back to the first, newest first. */
export function wayOf(from: Entry, byId: ReadonlyMap<string, Entry>): Entry[] {
  const way: Entry[] = [];
  const met = new Set<string>();
  for (let at: Entry | undefined = from; at && !met.has(at.id); at = byId.get(at.parentId ?? "")) {
    met.add(at.id);
    way.push(at);
  }
  return way;
}

function previewOf(way: readonly Entry[]): string {
  for (const entry of way) {
    if (entry.type !== "message") continue;
    const { message } = entry as MessageEntry;
    if (message.role === "user") return cut(textOf(message).replace(/\s+/g, " ").trim(), PREVIEW);
  }
  return "";
}
