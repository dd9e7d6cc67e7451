/**
 * What of one agent's sessions may go. Pure. In this order:
 *
 * 1. entries that nobody used for `pruneAfter`
 * 2. the oldest of more than `maxEntries`
 * 3. transcripts of ended sessions that are older than their retention
 * 4. when the folder is larger than `maxDiskBytes`: transcripts that belong to no entry, the oldest first, then the
 *    oldest entries with their transcripts, until `highWaterBytes` are left
 *
 * The main session, groups, channels and threads stay: they are where people are answered. So does what is pinned,
 * what runs, and what the caller names.
 */
import type { SessionRow } from "../../../store/index.ts";
import { kindOf, parseKey } from "../_keys.ts";
import type { MaintenancePolicy } from "./policy.ts";

export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: number;
}

export interface MaintenanceInput {
  readonly rows: readonly SessionRow[];
  /** Files of the folder of transcripts. */
  readonly files: readonly StoredFile[];
  readonly policy: MaintenancePolicy;
  readonly now: number;
  /** Canonical keys that stay whatever their age: those of the main sessions, those that run. */
  readonly keep: ReadonlySet<string>;
  /** Entries whose transcript is not there go too. */
  readonly fixMissing?: boolean;
}

export interface MaintenancePlan {
  readonly entries: readonly { readonly key: string; readonly reason: "missing" | "age" | "count" | "disk" }[];
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly reason: "retention" | "disk" }[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** A transcript that was written just now may belong to an entry that is being made. */
const SETTLED_MS = 3_600_000;

export function planMaintenance(input: MaintenanceInput): MaintenancePlan {
  const { rows, files, policy, now } = input;
  const transcripts = files.filter(({ name }) => isTranscript(name));
  const bytesBefore = transcripts.reduce((sum, { bytes }) => sum + bytes, 0);
  const entries = entriesToDrop(input);
  const dropped = new Set(entries.map(({ key }) => key));
  const left = rows.filter(({ key }) => !dropped.has(key));
  const old =
    policy.retentionMs === undefined ? [] : transcripts.filter((file) => isOlder(file, now, policy.retentionMs));
  const gone: MaintenancePlan["files"][number][] = old.map(({ name, bytes }) => ({ name, bytes, reason: "retention" }));
  let bytesAfter = bytesBefore - gone.reduce((sum, { bytes }) => sum + bytes, 0);
  if (policy.maxBytes === undefined || bytesAfter <= policy.maxBytes)
    return { entries, files: gone, bytesBefore, bytesAfter };

  const named = new Set(gone.map(({ name }) => name));
  const owned = ownership(left, transcripts);
  const loose = transcripts
    .filter(({ name, modifiedAt }) => !named.has(name) && !owned.has(name) && modifiedAt < now - SETTLED_MS)
    .toSorted((a, b) => a.modifiedAt - b.modifiedAt);
  for (const { name, bytes } of loose) {
    if (bytesAfter <= policy.highWaterBytes) break;
    gone.push({ name, bytes, reason: "disk" });
    bytesAfter -= bytes;
  }
  const more: MaintenancePlan["entries"][number][] = [];
  for (const row of left.filter((one) => !isKept(one, input)).toSorted(oldestFirst)) {
    if (bytesAfter <= policy.highWaterBytes) break;
    more.push({ key: row.key, reason: "disk" });
    for (const file of transcripts.filter(({ name }) => owned.get(name) === row.key)) {
      gone.push({ name: file.name, bytes: file.bytes, reason: "disk" });
      bytesAfter -= file.bytes;
    }
  }
  return { entries: [...entries, ...more], files: gone, bytesBefore, bytesAfter };
}

function entriesToDrop(input: MaintenanceInput): MaintenancePlan["entries"][number][] {
  const { rows, policy, now, files } = input;
  const names = new Set(files.map(({ name }) => name));
  const free = rows.filter((row) => !isKept(row, input)).toSorted(oldestFirst);
  const missing =
    input.fixMissing === true ? free.filter((row) => transcriptNames(row).every((name) => !names.has(name))) : [];
  const lost = new Set(missing);
  const aged = free.filter((row) => !lost.has(row) && row.entry.updatedAt < now - policy.pruneAfterMs);
  const gone = new Set([...missing, ...aged]);
  const over = Math.max(0, rows.length - gone.size - policy.maxEntries);
  const counted = free.filter((row) => !gone.has(row)).slice(0, over);
  return [
    ...missing.map(({ key }) => ({ key, reason: "missing" as const })),
    ...aged.map(({ key }) => ({ key, reason: "age" as const })),
    ...counted.map(({ key }) => ({ key, reason: "count" as const })),
  ];
}

function isKept({ key, entry }: SessionRow, { keep }: MaintenanceInput): boolean {
  if (keep.has(key) || entry.pinned === true) return true;
  const rest = parseKey(key)?.rest ?? "";
  return kindOf(key) === "group" || kindOf(key) === "global" || /:(thread|topic):/.test(`:${rest}`);
}

function oldestFirst(a: SessionRow, b: SessionRow): number {
  return a.entry.updatedAt - b.entry.updatedAt;
}

/** Transcripts and what was made of them; never `sessions.json`. */
export function isTranscript(name: string): boolean {
  return /\.jsonl($|\.)/.test(name);
}

/** An archived transcript (`<id>.jsonl.reset.<time>` and the like) older than its retention. */
function isOlder({ name, modifiedAt }: StoredFile, now: number, retentionMs: number | undefined): boolean {
  return /\.jsonl\.(reset|deleted|compacted|bak)/.test(name) && modifiedAt < now - (retentionMs ?? 0);
}

/** The live transcripts of entries, by file name. */
function ownership(rows: readonly SessionRow[], files: readonly StoredFile[]): ReadonlyMap<string, string> {
  const byName = new Map(rows.flatMap((row) => transcriptNames(row).map((name) => [name, row.key])));
  const byId = new Map(rows.map(({ key, entry }) => [entry.sessionId, key]));
  const owned = new Map<string, string>();
  for (const { name } of files) {
    const key = byName.get(name) ?? byId.get(/^(.+)-topic-[^.]+\.jsonl$/.exec(name)?.[1] ?? "");
    if (key !== undefined) owned.set(name, key);
  }
  return owned;
}

function transcriptNames({ entry }: SessionRow): string[] {
  const explicit = entry["sessionFile"];
  const named = typeof explicit === "string" ? [explicit.slice(explicit.lastIndexOf("/") + 1)] : [];
  return [`${entry.sessionId}.jsonl`, `${entry.sessionId}.trajectory.jsonl`, ...named];
}
