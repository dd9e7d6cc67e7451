/** A transcript as a tree: its branches, by the message that each ends with. Pure but for reading. */
import type { GrowingFile } from "../../base/growing-file.ts";
import { cut, onOneLine } from "../../base/text.ts";
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
  const shared = new Set(
    ordered[0] && ordered[0].id === active ? messagesOf(ordered[0], byId).map(({ id }) => id) : [],
  );
  const seen = new Set<string>();
  const branches: TranscriptBranch[] = [];
  for (const tip of ordered) {
    const way = messagesOf(tip, byId);
    const [last] = way;
    const isActive = tip.id === active;
    if (!last || seen.has(last.id)) continue;
    seen.add(last.id);
    const at = way.findIndex(({ id }) => shared.has(id));
    const first = way[(at < 0 ? way.length : at) - 1];
    branches.push({
      entryId: last.id,
      active: isActive,
      messages: way.length,
      timestamp: last.timestamp,
      preview: previewOf(way),
      forkId: way[at]?.id ?? null,
      ...(first === undefined ? {} : { first: { entryId: first.id, timestamp: first.timestamp } }),
    });
    if (branches.length === MOST_BRANCHES) break;
  }
  return branches;
}

/** Newest first. */
function messagesOf(tip: Entry, byId: ReadonlyMap<string, Entry>): MessageEntry[] {
  return wayOf(tip, byId).filter((entry): entry is MessageEntry => entry.type === "message");
}

/** From an entry back to the first, newest first. */
function wayOf(from: Entry, byId: ReadonlyMap<string, Entry>): Entry[] {
  const way: Entry[] = [];
  const met = new Set<string>();
  for (let at: Entry | undefined = from; at && !met.has(at.id); at = byId.get(at.parentId ?? "")) {
    met.add(at.id);
    way.push(at);
  }
  return way;
}

function previewOf(way: readonly MessageEntry[]): string {
  for (const { message } of way) if (message.role === "user") return cut(onOneLine(textOf(message)), PREVIEW);
  return "";
}
