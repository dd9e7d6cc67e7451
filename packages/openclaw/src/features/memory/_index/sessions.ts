/**
 * Conversations as a source: what people and the agent said, not what tools gave or the model thought. A transcript
 * only grows, so it is read from where the last look ended; each piece of reading is one transaction. One that was
 * begun anew by a compaction is read again, and what was laid aside with it is a source of its own.
 */
import { join } from "node:path";
import { entries, info } from "../../../base/files.ts";
import { openGrowing } from "../../../base/growing-file.ts";
import type { GrowingFile } from "../../../base/growing-file.ts";
import { sha256 } from "../../../base/ids.ts";
import { redact } from "../../../base/redact.ts";
import { cut, onOneLine } from "../../../base/text.ts";
import { chunkLines } from "./chunk.ts";
import type { Line } from "./chunk.ts";
import type { Database } from "./database.ts";
import { dropFile, putFile } from "./pieces.ts";
import type { FileRow } from "./pieces.ts";
import type { ScanRequest, Scanning } from "./scan.ts";

export interface SessionPlace {
  /** Absolute folder of one agent's transcripts. */
  readonly folder: string;
  /** New text is taken in once there is as much as this, or the conversation rests. */
  readonly deltaBytes: number;
  readonly deltaMessages: number;
}

/** Where the next text begins, and what the file began with. */
interface Cursor {
  readonly offset: number;
  readonly line: number;
  readonly head: string;
}

const NAME = /^([A-Za-z0-9][A-Za-z0-9._-]*?\.jsonl)(?:(\.compacted\..+)|\.reset\..+)?$/;
const REST_MS = 30 * 60_000;
const BLOCK = 1024 * 1024;
const HEAD = 1024;
const MAX_LINE = 8 * 1024 * 1024;
const MAX_MESSAGE = 20_000;
/** Characters that are put into the index in one go. */
const PORTION = 512 * 1024;
const SILENT = new Set(["NO_REPLY", "HEARTBEAT_OK", "ANNOUNCE_SKIP", "REPLY_SKIP"]);

interface Work {
  readonly place: SessionPlace;
  /** What is known of all files; those that are there are taken out. */
  readonly known: Map<string, FileRow>;
  readonly rule: string;
  readonly request: ScanRequest;
}

export async function scanSessions(scanning: Scanning, work: Work): Promise<{ files: number; changed: number }> {
  const found = new Map<string, string>();
  for (const { name, kind } of await entries(work.place.folder)) {
    const [, own, aside = ""] = (kind === "file" ? NAME.exec(name) : null) ?? [];
    if (own !== undefined) found.set(`sessions/${own}${aside}`, join(work.place.folder, name));
  }
  let changed = 0;
  for (const [path, file] of found) {
    const row = work.known.get(path);
    work.known.delete(path);
    if (await takeTranscript(scanning, { ...work, path, file, row })) changed += 1;
  }
  return { files: found.size, changed };
}

type One = Work & { readonly path: string; readonly file: string; readonly row: FileRow | undefined };

async function takeTranscript({ db, touched }: Scanning, one: One): Promise<boolean> {
  const there = await info(one.file);
  if (!there?.isFile) return false;
  const before = cursorOf(one);
  if (before !== undefined && before.offset === there.size) return false;
  const file = await openGrowing(one.file, "read");
  if (!file) return false;
  try {
    const goesOn =
      before !== undefined && before.offset <= file.size && (await headOf(file, before.offset)) === before.head;
    const isRewritten = one.row !== undefined && !goesOn;
    if (!isRewritten && !(await isWorthIt(file, goesOn ? before.offset : 0, there.mtimeMs, one))) return false;
    if (isRewritten) touched(dropFile(db, one.path).hashes);
    return await readOn(db, touched, { one, file, from: goesOn ? before : { offset: 0, line: 0, head: "" } });
  } finally {
    await file.close();
  }
}

function cursorOf({ row, rule, request }: One): Cursor | undefined {
  if (!row?.cursor || row.rule !== rule || request.force) return undefined;
  return JSON.parse(row.cursor) as Cursor;
}

async function headOf(file: GrowingFile, offset: number): Promise<string> {
  return sha256(await file.read(0, Math.min(HEAD, offset, file.size)));
}

async function isWorthIt(file: GrowingFile, offset: number, mtime: number, { place, request }: One): Promise<boolean> {
  const grown = file.size - offset;
  if (request.force || grown >= place.deltaBytes || request.now - mtime > REST_MS) return grown > 0;
  let lines = 0;
  for (const byte of await file.read(offset, file.size)) if (byte === 0x0a) lines += 1;
  return lines >= place.deltaMessages;
}

interface Reading {
  readonly one: One;
  readonly file: GrowingFile;
  readonly from: Cursor;
}

async function readOn(db: Database, touched: Scanning["touched"], { one, file, from }: Reading): Promise<boolean> {
  let { offset, line } = from;
  let lines: Line[] = [];
  let held = 0;
  let changed = false;
  const put = async () => {
    const cursor: Cursor = { offset, line, head: await headOf(file, offset) };
    const row: FileRow = {
      path: one.path,
      source: "sessions",
      hash: cursor.head,
      mtime: 0,
      size: offset,
      rule: one.rule,
      cursor: JSON.stringify(cursor),
    };
    touched(putFile(db, row, chunkLines(lines, one.request.rule), true).hashes);
    changed ||= lines.length > 0;
    lines = [];
    held = 0;
  };
  for await (const raw of wholeLines(file, offset)) {
    offset += raw.bytes;
    line += 1;
    const text = raw.text === undefined ? undefined : spokenIn(raw.text);
    if (text !== undefined) lines.push({ number: line, text });
    held += text?.length ?? 0;
    if (held >= PORTION) await put();
  }
  if (offset !== from.offset || one.row === undefined) await put();
  return changed;
}

/** Lines that are ended; `text` is undefined for one that is far too long. */
async function* wholeLines(
  file: GrowingFile,
  offset: number,
): AsyncGenerator<{ readonly text: string | undefined; readonly bytes: number }> {
  let rest: Buffer[] = [];
  let held = 0;
  for (let at = offset; at < file.size;) {
    const block = await file.read(at, Math.min(file.size, at + BLOCK));
    if (block.length === 0) return;
    at += block.length;
    let start = 0;
    for (let end = block.indexOf(0x0a); end >= 0; end = block.indexOf(0x0a, start)) {
      const bytes = held + end + 1 - start;
      const fits = bytes <= MAX_LINE;
      const text = fits ? Buffer.concat([...rest, block.subarray(start, end)]).toString("utf8") : undefined;
      yield { text, bytes };
      rest = [];
      held = 0;
      start = end + 1;
    }
    held += block.length - start;
    if (held > MAX_LINE) rest = [];
    else rest.push(block.subarray(start));
  }
}

/** What a line of a transcript says aloud, in one line; undefined for everything else. */
function spokenIn(text: string): string | undefined {
  if (!text.includes('"user"') && !text.includes('"assistant"')) return undefined;
  let entry: { type?: unknown; message?: { role?: unknown; content?: unknown } };
  try {
    entry = JSON.parse(text) as typeof entry;
  } catch {
    return undefined;
  }
  const { role, content } = entry?.message ?? {};
  if (entry?.type !== "message" || (role !== "user" && role !== "assistant")) return undefined;
  const said = clean(textsOf(content));
  if (said === "" || SILENT.has(said)) return undefined;
  return `${role === "user" ? "User" : "Assistant"}: ${cut(redact(said), MAX_MESSAGE)}`;
}

function textsOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: { type?: unknown; text?: unknown } | null) =>
      part?.type === "text" && typeof part.text === "string" ? part.text : "",
    )
    .join(" ");
}

const HIDDEN = /<(think|thinking)>[\s\S]*?(?:<\/\1>|$)|\[\[[a-z_]{1,40}(?::[^[\]\n]{0,300})?\]\]/gi;

function clean(text: string): string {
  return onOneLine(text.replace(HIDDEN, " "));
}
