/**
 * Conversations in memory, so that a turn does not read its transcript again. Bounded in number and tokens: the
 * least recently used one that no run holds is forgotten.
 */
import { KeyedSerial } from "../../base/queue.ts";
import type { Message } from "../../contracts/message.ts";
import type { CompactionEntry, MessageEntry, NewCompaction, TranscriptRef, Transcripts } from "../../store/index.ts";
import { detailsOf } from "./_record.ts";
import { storedRecord, storedWindow } from "./_stored.ts";
import type { StoredMessage, StoredWindow } from "./_stored.ts";
import { messageTokens } from "./_tokens.ts";

const MAX_SESSIONS = 64;
/** Tokens of all that is kept, pictures at their length. */
const MAX_WEIGHT = 16_000_000;
/** Lines that opening a conversation reads at least: what most windows hold, and quick to read. */
const LEAST_BYTES = 2 * 1024 * 1024;
const MOST_BYTES = 24 * 1024 * 1024;
/** Bytes of lines for a token of a large window. */
const BYTES_PER_TOKEN = 6;

export interface Conversation {
  readonly ref: TranscriptRef;
  /** Oldest first. Grows with `append`; a compaction changes it in place. Do not change it. */
  readonly stored: readonly StoredMessage[];
  /** Place of the first message that came after the newest compaction. */
  readonly since: number;
  readonly compaction: CompactionEntry | undefined;
  /** Compactions so far. */
  readonly compactions: number;
  /** Older messages stand in the transcript that were not read. */
  readonly partial: boolean;
}

interface Known extends Conversation {
  /** Lines that were read. */
  readonly bytes: number;
  readonly stored: StoredMessage[];
  since: number;
  compaction: CompactionEntry | undefined;
  compactions: number;
  partial: boolean;
  /** Messages in the file, once asked for. */
  total: number | undefined;
  /** Entry after which the next one is written. */
  leaf: string | undefined;
  weight: number;
  holds: number;
  /** What a run wrote that compactions took out of the window while it went on. */
  taken: StoredMessage[];
}

export class Contexts {
  readonly #transcripts: Transcripts;
  readonly #known = new Map<string, Promise<Known>>();
  readonly #ready = new Map<string, Known>();
  readonly #changes = new KeyedSerial();

  constructor(transcripts: Transcripts) {
    this.#transcripts = transcripts;
  }

  /** The messages alone. The array grows with `append`; do not change it. */
  async load(ref: TranscriptRef): Promise<readonly StoredMessage[]> {
    return (await this.#open(ref)).stored;
  }

  open(ref: TranscriptRef): Promise<Conversation> {
    return this.#open(ref);
  }

  /**
   * Keeps a conversation in memory, as the same object, until the returned function is called. `window`: tokens that
   * its model can be shown, as far as that is known: for a large one more of the transcript is read.
   */
  async hold(ref: TranscriptRef, window = 0): Promise<() => void> {
    const known = await this.#open(ref, Math.min(MOST_BYTES, window * BYTES_PER_TOKEN));
    known.holds += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      known.holds -= 1;
      if (known.holds === 0) known.taken = [];
    };
  }

  /** Its transcript was changed by other means than `append`. */
  forget(ref: TranscriptRef): void {
    this.#known.delete(ref.sessionId);
    this.#ready.delete(ref.sessionId);
  }

  /** Writes messages to the transcript and then to memory. */
  append(
    ref: TranscriptRef,
    messages: readonly Message[],
    options: { runId: string; cwd: string; durable: boolean },
  ): Promise<readonly MessageEntry[]> {
    return this.#changes.run(ref.sessionId, () => this.#append(ref, messages, options));
  }

  async #append(
    ref: TranscriptRef,
    messages: readonly Message[],
    options: { runId: string; cwd: string; durable: boolean },
  ): Promise<readonly MessageEntry[]> {
    const list = messages.map((message) => ({ message, runId: options.runId }));
    const entries = await this.#transcripts.append(ref, list, { cwd: options.cwd, durable: options.durable });
    const known = this.#ready.get(ref.sessionId);
    const first = entries[0];
    if (!known || !first) return entries;
    const isChanged = known.leaf !== undefined && first.parentId !== known.leaf;
    if (isChanged && (await this.#again(known, options.runId))) return entries;
    for (const { message, runId, id } of entries) {
      known.stored.push({ message, runId, entryId: id });
      known.weight += weightOf(message);
    }
    known.leaf = entries.at(-1)?.id;
    if (known.total !== undefined) known.total += entries.length;
    return entries;
  }

  /** Writes a compaction: the messages up to `last` make place for its record. Undefined when they did already. */
  compact(
    ref: TranscriptRef,
    { last, ...compaction }: Omit<NewCompaction, "firstKeptEntryId"> & { readonly last: StoredMessage },
    options: { cwd: string },
  ): Promise<CompactionEntry | undefined> {
    return this.#changes.run(ref.sessionId, async () => {
      const known = await this.#open(ref);
      const end = known.stored.findIndex(({ entryId }) => entryId === last.entryId) + 1;
      const kept = known.stored[end];
      if (end === 0) return undefined;
      const from = kept === undefined ? {} : { firstKeptEntryId: kept.entryId };
      const entry = await this.#transcripts.compact(ref, { ...compaction, ...from }, options);
      const gone = known.stored.splice(0, end, storedRecord(entry));
      if (known.holds > 0) known.taken.push(...gone);
      known.since = known.stored.length;
      known.compaction = entry;
      known.compactions = countOf(entry, known.compactions);
      known.partial = false;
      known.leaf = entry.id;
      known.weight = known.stored.reduce((sum, { message }) => sum + weightOf(message), 0);
      return entry;
    });
  }

  /** Begins the transcript anew with what the window holds; undefined when nothing could be left behind. */
  rotate(ref: TranscriptRef): Promise<string | undefined> {
    return this.#changes.run(ref.sessionId, async () => {
      const archived = await this.#transcripts.rotate(ref);
      const known = this.#ready.get(ref.sessionId);
      if (archived !== undefined && known) await this.#again(known);
      return archived;
    });
  }

  /** What a run has written so far, also where a compaction has taken it out of the window. */
  async ofRun(ref: TranscriptRef, runId: string): Promise<readonly StoredMessage[]> {
    const known = await this.#open(ref);
    const mine = [...known.taken, ...known.stored].filter((each) => each.runId === runId);
    const cut = known.compaction !== undefined && detailsOf(known.compaction).runId === runId;
    if (!cut || known.taken.some((each) => each.runId === runId)) return mine;
    const window = await this.#transcripts.tail(ref, { maxEntries: 10_000, maxBytes: MOST_BYTES });
    const entries = window.entries.filter((entry) => entry.type === "message");
    return storedWindow(entries).stored.filter((each) => each.runId === runId);
  }

  /** The newest messages, at most `most`, those that compactions took out of the window included. */
  async newest(ref: TranscriptRef, most: number): Promise<readonly StoredMessage[]> {
    const known = await this.#open(ref);
    if (known.compaction === undefined) return known.stored.slice(-most);
    const window = await this.#transcripts.tail(ref, { maxEntries: most, maxBytes: MOST_BYTES });
    return storedWindow(window.entries.filter(({ type }) => type === "message")).stored;
  }

  /** Bytes of the transcript. */
  bytes(ref: TranscriptRef): Promise<number> {
    return this.#transcripts.size(ref);
  }

  /** Messages in the transcript, those out of the window included. */
  async total(ref: TranscriptRef): Promise<number> {
    const known = await this.#open(ref);
    return (known.total ??= await this.#transcripts.count(ref));
  }

  #open(ref: TranscriptRef, bytes = 0): Promise<Known> {
    const key = ref.sessionId;
    const opening = this.#known.get(key) ?? this.#read(ref, Math.max(LEAST_BYTES, bytes));
    this.#known.delete(key);
    this.#known.set(key, opening);
    return opening;
  }

  #read(ref: TranscriptRef, bytes: number): Promise<Known> {
    const opening = this.#window(ref, bytes).then((window) => {
      const known: Known = { ref, bytes, ...window, weight: 0, holds: 0, taken: [] };
      known.weight = known.stored.reduce((sum, { message }) => sum + weightOf(message), 0);
      if (this.#known.get(ref.sessionId) === opening) this.#ready.set(ref.sessionId, known);
      this.#makeRoom();
      return known;
    });
    opening.catch(() => this.#known.get(ref.sessionId) === opening && this.#known.delete(ref.sessionId));
    return opening;
  }

  async #window(
    ref: TranscriptRef,
    bytes: number,
  ): Promise<StoredWindow & Pick<Known, "compactions" | "partial" | "total" | "leaf">> {
    const { entries, hasMore } = await this.#transcripts.context(ref, bytes);
    const window = storedWindow(entries);
    const { compaction, stored, since } = window;
    const messages = compaction && detailsOf(compaction).messages;
    const total = hasMore
      ? messages === undefined
        ? undefined
        : messages + stored.length - since
      : stored.length - (compaction ? 1 : 0);
    const partial = hasMore && compaction === undefined;
    return {
      ...window,
      compactions: compaction ? countOf(compaction, 0) : 0,
      partial,
      total,
      leaf: entries.at(-1)?.id,
    };
  }

  /**
   * Somebody else wrote to the file: what stands there holds. False, and nothing changes, when it was taken away
   * under a run: what the run had written before is not there any more, and memory is all that is left of it.
   */
  async #again(known: Known, runId?: string): Promise<boolean> {
    const { stored, ...rest } = await this.#window(known.ref, known.bytes);
    const mine = known.stored.find((each) => runId !== undefined && each.runId === runId);
    if (mine && !stored.some(({ entryId }) => entryId === mine.entryId)) return false;
    known.stored.splice(0, known.stored.length, ...stored);
    Object.assign(known, rest);
    return true;
  }

  #makeRoom(): void {
    let weight = 0;
    for (const known of this.#ready.values()) weight += known.weight;
    for (const key of [...this.#known.keys()].slice(0, -1)) {
      if (this.#ready.size <= MAX_SESSIONS && weight <= MAX_WEIGHT) return;
      const known = this.#ready.get(key);
      if (!known || known.holds > 0) continue;
      weight -= known.weight;
      this.#known.delete(key);
      this.#ready.delete(key);
    }
  }
}

function countOf(entry: CompactionEntry, before: number): number {
  return detailsOf(entry).count ?? before + 1;
}

/** Tokens, and a quarter of the length of pictures. */
function weightOf(message: Message): number {
  if (typeof message.content === "string") return messageTokens(message);
  return message.content.reduce(
    (sum, part) => sum + (part.type === "image" ? part.data.length / 4 : 0),
    messageTokens(message),
  );
}
