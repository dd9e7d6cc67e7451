/** Transcripts as files: `<sessionId>.jsonl` beside the `sessions.json` of the agent, one writer per file. */
import { dirname, join } from "node:path";
import { errorText } from "../../base/errors.ts";
import { createExclusive, ensureDir, exists, info, move } from "../../base/files.ts";
import { openGrowing } from "../../base/growing-file.ts";
import type { GrowingFile, OpenGrowing } from "../../base/growing-file.ts";
import { shortId } from "../../base/ids.ts";
import type { Random } from "../../base/ids.ts";
import type { Log } from "../../base/log.ts";
import { KeyedSerial } from "../../base/queue.ts";
import type { Clock } from "../../base/time.ts";
import { errors } from "../errors.ts";
import { Counts } from "./_count.ts";
import { Leaves } from "./_leaves.ts";
import { SAFE_NAME } from "../names.ts";
import { rotate, trim } from "./_trim.ts";
import type { Trimming } from "./_trim.ts";
import { branchesOf, readEntries } from "./_tree.ts";
import { EMPTY_WINDOW, forked, readContext, readTail } from "./_window.ts";
import type { CompactionEntry, Entry, MessageEntry, TranscriptRef, Transcripts } from "../ports/index.ts";

export interface TranscriptDeps {
  /** Where the transcripts of an agent lie, absolute. */
  readonly folder: (agentId: string) => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** How files are opened; tests give one with a full disk. */
  readonly open?: OpenGrowing;
}

/** Version of the header: entries form a tree by `parentId`. */
const VERSION = 3;

export function createTranscripts({ folder, clock, random, log, open = openGrowing }: TranscriptDeps): Transcripts {
  const serial = new KeyedSerial();
  const counts = new Counts();
  const iso = () => new Date(clock.now()).toISOString();
  const stamp = () => iso().replaceAll(":", "-");
  const leaves = new Leaves(log, stamp);

  const path = ({ agentId, sessionId }: TranscriptRef) => {
    for (const name of [agentId, sessionId]) if (!SAFE_NAME.test(name)) throw errors.TRANSCRIPT_NAME({ name });
    return join(folder(agentId), `${sessionId}.jsonl`);
  };

  /** Runs `work` on the file, one at a time, and closes it. */
  const using = <T>(
    file: string,
    mode: "read" | "append",
    work: (opened: GrowingFile | undefined) => Promise<T>,
  ): Promise<T> =>
    serial.run(file, async () => {
      const opened = await open(file, mode);
      try {
        return await work(opened);
      } finally {
        await opened?.close();
      }
    });

  /** Appends entries after the leaf, with a header before the first. */
  const append = async <E extends Entry>(
    ref: TranscriptRef,
    drafts: readonly ((base: Pick<Entry, "id" | "parentId" | "timestamp">) => E)[],
    options: { cwd: string; durable: boolean },
  ): Promise<E[]> => {
    const file = path(ref);
    try {
      return await using(file, "append", async (opened) => {
        const { leaf, size } = await leaves.find(file, opened!);
        let parentId = leaf;
        const timestamp = iso();
        const entries = drafts.map((draft) => {
          const entry = draft({ id: shortId(random, 6), parentId, timestamp });
          parentId = entry.id;
          return entry;
        });
        const header =
          size === 0 ? [{ type: "session", version: VERSION, id: ref.sessionId, cwd: options.cwd, timestamp }] : [];
        const lines = [...header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join("");
        await opened!.append(Buffer.from(lines, "utf8"), options);
        leaves.remember(file, { leaf: parentId, size: opened!.size });
        return entries;
      });
    } catch (error) {
      leaves.forget(file);
      throw errors.TRANSCRIPT_UNWRITABLE({ path: file, reason: errorText(error) }).with({ cause: error });
    }
  };

  /** Replaces a file by a shorter one; what was remembered of it does not hold any more. */
  const cutting = <T>(ref: TranscriptRef, work: (trimming: Trimming) => Promise<T>) => {
    const file = path(ref);
    return serial.run(file, async () => {
      leaves.forget(file);
      counts.forget(file);
      const archived = await freeName(`${file}.compacted.${stamp()}`);
      const header = {
        type: "session",
        version: VERSION,
        id: ref.sessionId,
        timestamp: iso(),
        parentSession: archived,
      };
      return { archived, outcome: await work({ file, archived, open, header }) };
    });
  };

  return {
    path,
    append: (ref, messages, options) =>
      append<MessageEntry>(
        ref,
        messages.map(({ message, runId }) => (base) => ({
          type: "message",
          ...base,
          message,
          ...(runId === undefined ? {} : { runId }),
        })),
        options,
      ),
    async note(ref, type, data, { cwd }) {
      const [entry] = await append(ref, [(base) => ({ ...data, type, ...base })], { cwd, durable: false });
      return entry!;
    },
    tail: async (ref, limits) =>
      using(path(ref), "read", async (file) => (file ? readTail(file, limits) : EMPTY_WINDOW)),
    context: async (ref, maxBytes) =>
      using(path(ref), "read", async (file) => (file ? readContext(file, maxBytes) : EMPTY_WINDOW)),
    count: (ref) => using(path(ref), "read", async (file) => (file ? counts.of(path(ref), file) : 0)),
    async compact(ref, { firstKeptEntryId, ...compaction }, { cwd }) {
      const draft = (base: Pick<Entry, "id" | "parentId" | "timestamp">): CompactionEntry => ({
        type: "compaction",
        ...base,
        ...compaction,
        firstKeptEntryId: firstKeptEntryId ?? base.id,
      });
      const [entry] = await append<CompactionEntry>(ref, [draft], { cwd, durable: true });
      return entry!;
    },
    trim: async (ref, maxEntries) => {
      const { archived, outcome } = await cutting(ref, (trimming) => trim(trimming, maxEntries));
      return outcome === undefined ? undefined : { kept: outcome, archived };
    },
    rotate: async (ref) => {
      const { archived, outcome } = await cutting(ref, rotate);
      return outcome ? archived : undefined;
    },
    branches: async (ref) =>
      using(path(ref), "read", async (file) => (file ? branchesOf(await readEntries(file)) : [])),
    async turnTo(ref, entryId, { cwd, before = false }) {
      const known = await using(path(ref), "read", async (file) => (file ? readEntries(file) : []));
      const target = known.find(({ id }) => id === entryId);
      if (!target) return false;
      const mark = (base: Pick<Entry, "id" | "parentId" | "timestamp">): Entry => ({
        type: "custom",
        customType: "turned",
        ...base,
        parentId: before ? target.parentId : entryId,
        from: base.parentId,
      });
      await append(ref, [mark], { cwd, durable: true });
      return true;
    },
    async fork(from, to, { cwd, maxBytes, upTo }) {
      const source = path(from);
      const entries = await using(source, "read", async (file) => (file ? forked(file, { maxBytes, upTo }) : []));
      const messages = entries.filter(({ type }) => type === "message").length;
      if (messages === 0) return undefined;
      const timestamp = iso();
      const header = { type: "session", version: VERSION, id: to.sessionId, cwd, timestamp, parentSession: source };
      const lines = [header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join("");
      const target = path(to);
      await serial.run(target, async () => {
        await ensureDir(dirname(target));
        if (!(await createExclusive(target, lines))) throw errors.TRANSCRIPT_EXISTS({ path: target });
      });
      return messages;
    },
    size: async (ref) => (await info(path(ref)))?.size ?? 0,
    archive: async (ref, reason) => {
      const file = path(ref);
      return serial.run(file, async () => {
        leaves.forget(file);
        if (!(await exists(file))) return undefined;
        const archived = await freeName(`${file}.${reason}.${stamp()}`);
        await move(file, archived);
        return archived;
      });
    },
  };
}

async function freeName(wanted: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!(await exists(name))) return name;
  }
}
