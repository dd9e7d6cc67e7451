/** Transcripts: one append-only JSON Lines file per session id, as documented. */
import type { Message } from "../../contracts/message.ts";

interface EntryBase {
  readonly id: string;
  /** The entry before it on its branch; null for the first. */
  readonly parentId: string | null;
  /** ISO 8601. */
  readonly timestamp: string;
}
export interface MessageEntry extends EntryBase {
  readonly type: "message";
  readonly message: Message;
  /** Run that wrote it. */
  readonly runId?: string;
}
export interface CompactionEntry extends EntryBase {
  readonly type: "compaction";
  readonly summary: string;
  /** Context goes on with this entry after the summary; the entry's own id when nothing is kept. */
  readonly firstKeptEntryId: string;
  readonly tokensBefore: number;
  readonly details?: unknown;
}
export interface NewCompaction {
  readonly summary: string;
  /** Absent: what is appended from now on. */
  readonly firstKeptEntryId?: string;
  readonly tokensBefore: number;
  readonly details?: Readonly<Record<string, unknown>>;
}
/** `custom`, `custom_message`, `model_change`, `label`, … : kept, not understood here. */
export interface OtherEntry extends EntryBase {
  readonly type: string;
  readonly [field: string]: unknown;
}
export type Entry = MessageEntry | CompactionEntry | OtherEntry;

export interface TranscriptWindow {
  /** Entries of the active branch, oldest first. */
  readonly entries: readonly Entry[];
  /** Whether older entries exist. */
  readonly hasMore: boolean;
  /** Lines that could not be read and were left out. */
  readonly damaged: number;
}

export interface TranscriptBranch {
  /** Its newest message. */
  readonly entryId: string;
  /** The conversation goes on with it. */
  readonly active: boolean;
  readonly messages: number;
  /** ISO 8601. */
  readonly timestamp: string;
  /** Beginning of what the person said last. */
  readonly preview: string;
  /** The last message that it shares with the active one; null where they share none. Its own end for the active one. */
  readonly forkId: string | null;
  /** Its first message after that; absent where there is none. */
  readonly first?: { readonly entryId: string; /** ISO 8601. */ readonly timestamp: string };
}

export interface TranscriptRef {
  readonly agentId: string;
  readonly sessionId: string;
}

export interface Transcripts {
  /** Absolute path of the file. */
  path(ref: TranscriptRef): string;
  /**
   * Appends messages in order and returns their entries. Creates file and header when missing; repairs
   * a torn last line first. When `durable`, the data is on disk before the promise resolves.
   * Rejects with `TRANSCRIPT_UNWRITABLE` when the disk is full: nothing is half written.
   */
  append(
    ref: TranscriptRef,
    messages: readonly { message: Message; runId?: string }[],
    options: { cwd: string; durable: boolean },
  ): Promise<MessageEntry[]>;
  /** Marks of the gateway itself (`custom`, `session_info`). */
  note(
    ref: TranscriptRef,
    type: string,
    data: Readonly<Record<string, unknown>>,
    options: { cwd: string },
  ): Promise<Entry>;
  /**
   * The newest entries of the active branch without reading the whole file: at most `maxEntries` and
   * about `maxBytes` of lines. Unreadable lines are skipped and counted.
   */
  tail(ref: TranscriptRef, limits: { maxEntries: number; maxBytes: number }): Promise<TranscriptWindow>;
  /** Everything that belongs into the model's context: from the newest compaction on. At most `maxBytes`. */
  context(ref: TranscriptRef, maxBytes: number): Promise<TranscriptWindow>;
  /**
   * Puts a summary in the place of everything before an entry. One line: after a crash the context is the old
   * one or the new one. On disk when it resolves.
   */
  compact(ref: TranscriptRef, compaction: NewCompaction, options: { cwd: string }): Promise<CompactionEntry>;
  /**
   * Begins the file anew with what its context holds; the whole is kept as `<file>.compacted.<timestamp>`, which is
   * returned. Undefined when the file holds nothing else. A crash leaves the old or the new file.
   */
  rotate(ref: TranscriptRef): Promise<string | undefined>;
  /** The branches of the file, the active one first; at most 100, of its newest 64 MiB. */
  branches(ref: TranscriptRef): Promise<TranscriptBranch[]>;
  /**
   * The conversation goes on after this entry, or with `before` in its place: what came later stays in the file as a
   * branch. One line, on disk when it resolves. False when the file has no such entry.
   */
  turnTo(ref: TranscriptRef, entryId: string, options: { cwd: string; before?: boolean }): Promise<boolean>;
  /**
   * Begins the transcript `to` with what the context of `from` holds, up to an entry where one is named. Undefined
   * when there is nothing to take over, else how many messages were. `to` must not exist; a crash leaves it whole or
   * not there.
   */
  fork(
    from: TranscriptRef,
    to: TranscriptRef,
    options: { cwd: string; maxBytes: number; upTo?: string },
  ): Promise<number | undefined>;
  /** Bytes of the file; 0 when there is none. */
  size(ref: TranscriptRef): Promise<number>;
  /** How many messages the file holds, those of other branches included. Remembered: a file that grew is read from there. */
  count(ref: TranscriptRef): Promise<number>;
  /**
   * Keeps the newest `maxEntries` entries of the active branch; the whole is copied to
   * `<file>.compacted.<timestamp>` first. Undefined when there are no more than that.
   */
  trim(
    ref: TranscriptRef,
    maxEntries: number,
  ): Promise<{ readonly kept: number; readonly archived: string } | undefined>;
  /** Renames to `<file>.<reason>.<timestamp>`; returns the new path, or undefined when there is no file. */
  archive(ref: TranscriptRef, reason: "reset" | "deleted"): Promise<string | undefined>;
}
