/** Looks through transcripts for messages with all the words, the newest first, until a bound is reached. */
import { openGrowing } from "../../../base/growing-file.ts";
import { onOneLine } from "../../../base/text.ts";
import type { Clock } from "../../../base/time.ts";
import { blocksBackward, linesBackward } from "./backward.ts";
import type { Block } from "./backward.ts";
import { filesFor, notedKey } from "./files.ts";
import type { TranscriptFile } from "./files.ts";
import type { Hit, SearchAnswer, SearchJob, SearchRole } from "./job.ts";
import { excerptOf, findAll, needleOf, termsOf } from "./terms.ts";

/** Characters of a message that are looked at. */
const MAX_MESSAGE = 1024 * 1024;

type Found = Omit<Hit, "agentId" | "sessionId" | "noted" | "archived">;

interface Search {
  readonly job: SearchJob;
  readonly terms: readonly string[];
  readonly needle: string | undefined;
  readonly late: () => boolean;
  readonly hits: Hit[];
  /** Messages that were found; what compaction laid aside holds some of them once more. */
  readonly seen: Set<string>;
  bytes: number;
}

export async function searchTranscripts(job: SearchJob, clock: Pick<Clock, "monotonic">): Promise<SearchAnswer> {
  const terms = termsOf(job.query);
  const deadline = clock.monotonic() + job.budgetMs;
  const search: Search = {
    job,
    terms,
    needle: needleOf(terms),
    late: () => clock.monotonic() >= deadline,
    hits: [],
    seen: new Set(),
    bytes: 0,
  };
  let files = 0;
  for (const { file, rank, end } of terms.length === 0 ? [] : await filesFor(job)) {
    files += 1;
    const ended = await searchFile(search, file, end ?? Number.MAX_SAFE_INTEGER);
    if (ended === undefined) continue;
    const next = { began: job.from?.began ?? job.now, rank, file: file.id, offset: ended.offset };
    return { hits: search.hits, stopped: ended.stopped, next, files, bytes: search.bytes };
  }
  return { hits: search.hits, stopped: "end", files, bytes: search.bytes };
}

interface Ended {
  readonly stopped: "limit" | "time" | "bytes";
  readonly offset: number;
}

/** Undefined when it came to the file's beginning. */
async function searchFile(search: Search, file: TranscriptFile, end: number): Promise<Ended | undefined> {
  const opened = await openGrowing(file.path, "read").catch(() => undefined);
  if (!opened) return undefined;
  try {
    let noted: string | undefined;
    for await (const block of blocksBackward(opened, end)) {
      search.bytes += block.read;
      for (const { found, at } of inBlock(search, block)) {
        const id = `${file.sessionId}/${found.entryId}`;
        if (search.seen.has(id)) continue;
        search.seen.add(id);
        if (file.kind === "reset") noted ??= await notedKey(file.path);
        search.hits.push(hitOf(file, found, noted));
        if (search.hits.length >= search.job.limit) return { stopped: "limit", offset: at };
      }
      if (block.from === 0) return undefined;
      if (search.late()) return { stopped: "time", offset: block.from };
      if (search.bytes >= search.job.maxBytes) return { stopped: "bytes", offset: block.from };
    }
    return undefined;
  } finally {
    await opened.close();
  }
}

function hitOf({ agentId, sessionId, kind }: TranscriptFile, found: Found, noted: string | undefined): Hit {
  return { agentId, sessionId, archived: kind === "reset", ...found, ...(noted === undefined ? {} : { noted }) };
}

/** Most blocks hold none of the words: those are not taken apart. */
function* inBlock(search: Search, block: Block): Generator<{ readonly found: Found; readonly at: number }> {
  const { needle } = search;
  if (needle !== undefined && !block.data.toString("utf8").toLowerCase().includes(needle)) return;
  for (const { line, at } of linesBackward(block)) {
    const text = line.toString("utf8");
    if (needle !== undefined && !text.toLowerCase().includes(needle)) continue;
    const found = inLine(search, text);
    if (found) yield { found, at };
  }
}

const ROLES: Readonly<Record<string, SearchRole>> = { user: "user", assistant: "assistant", toolResult: "tool" };

function inLine({ terms, job }: Search, line: string): Found | undefined {
  const entry = parsed(line);
  if (entry?.type !== "message" || typeof entry.id !== "string") return undefined;
  const role = ROLES[String(entry.message?.role)];
  if (role === undefined || !job.roles.includes(role)) return undefined;
  const timestamp = Date.parse(String(entry.timestamp));
  if (!isWithin(timestamp, job)) return undefined;
  const text = said(entry.message?.content);
  const places = findAll(text, terms);
  if (!places) return undefined;
  return { entryId: entry.id, role, timestamp: Number.isNaN(timestamp) ? 0 : timestamp, ...excerptOf(text, places) };
}

interface Line {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly timestamp?: unknown;
  readonly message?: { readonly role?: unknown; readonly content?: unknown } | null;
}

function parsed(line: string): Line | undefined {
  try {
    return (JSON.parse(line) as Line | null) ?? undefined;
  } catch {
    // A line that was cut or spoilt says nothing.
    return undefined;
  }
}

function isWithin(timestamp: number, { since, until }: SearchJob): boolean {
  if (since !== undefined && !(timestamp >= since)) return false;
  return until === undefined || timestamp < until;
}

/** Thoughts, and instructions to the sender of a reply. */
const HIDDEN = /<(think|thinking)>[\s\S]*?(?:<\/\1>|$)|\[\[[a-z_]{1,40}(?::[^[\]\n]{0,300})?\]\]/gi;

function said(content: unknown): string {
  const texts = typeof content === "string" ? [content] : Array.isArray(content) ? content.map(textOf) : [];
  return onOneLine(texts.join(" ").slice(0, MAX_MESSAGE).replace(HIDDEN, " "));
}

function textOf(part: { type?: unknown; text?: unknown } | null): string {
  return part?.type === "text" && typeof part.text === "string" ? part.text : "";
}
