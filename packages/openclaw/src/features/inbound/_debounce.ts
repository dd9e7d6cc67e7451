/**
 * Messages that one person writes in a row become one turn: text is held until nothing more came for the quiet
 * time of `messages.inbound`. What is held are inbox rows that are not done, so a crash in the meantime loses
 * nothing: the next process holds them again. Whoever calls a method (web chat, CLI) is never kept waiting.
 */
import { formatAddress } from "../../contracts/envelope.ts";
import type { EnvelopePart } from "../../contracts/envelope.ts";
import type { Clock } from "../../base/time.ts";
import type { InboxRow } from "../../store/index.ts";
import type { Meaning } from "./interpret.ts";

export interface DebounceDeps {
  readonly clock: Clock;
  /** Quiet time of a channel, ms; 0 = nothing is held. Read for each message. */
  readonly quietMs: (channel: string) => number;
  /** Makes one turn of what was held; `rows` are done with it. */
  readonly submit: (meaning: Meaning, rows: readonly InboxRow[]) => Promise<void>;
  /** When the gateway stops nothing is handed over any more. */
  readonly closing: AbortSignal;
}

interface Held {
  readonly meanings: Meaning[];
  /** When the first came. */
  readonly since: number;
  readonly quietMs: number;
  readonly done: PromiseWithResolvers<void>;
  cancel: () => void;
}

const MOST_MESSAGES = 50;
/** Somebody who never pauses waits for this many quiet times at most. */
const MOST_QUIET_TIMES = 10;

export class Debounce {
  readonly #deps: DebounceDeps;
  /** By sender, then by what only equal messages may share. */
  readonly #held = new Map<string, Map<string, Held>>();

  constructor(deps: DebounceDeps) {
    this.#deps = deps;
  }

  /** Resolves once the message is a turn, or part of one. Everything of its sender that is held keeps its order. */
  take(meaning: Meaning): Promise<void> {
    const { clock, quietMs } = this.#deps;
    const sender = senderOf(meaning.row);
    const ms = meaning.row.options?.["runId"] === undefined ? quietMs(meaning.row.envelope.address.channel) : 0;
    const kin = kinOf(meaning);
    const here = this.#held.get(sender);
    if (here) for (const other of here.keys()) if (other !== kin) void this.#hand(sender, other);
    const held = here?.get(kin);
    if (!held && (ms <= 0 || !isText(meaning.row))) return this.#deps.submit(meaning, [meaning.row]);
    const group = held ?? { meanings: [], since: clock.now(), quietMs: ms, done: newDone(), cancel: () => {} };
    group.meanings.push(meaning);
    this.#held.set(sender, (this.#held.get(sender) ?? new Map<string, Held>()).set(kin, group));
    group.cancel();
    const left = group.since + MOST_QUIET_TIMES * group.quietMs - clock.now();
    if (!isText(meaning.row) || ms <= 0 || left <= 0 || group.meanings.length >= MOST_MESSAGES)
      void this.#hand(sender, kin);
    else group.cancel = clock.timer(Math.min(ms, left), () => void this.#hand(sender, kin));
    return group.done.promise;
  }

  /** Hands over what is held of a sender: what comes next must not overtake it. Never rejects. */
  async flush(row: InboxRow): Promise<void> {
    const sender = senderOf(row);
    for (const kin of this.#held.get(sender)?.keys() ?? []) await this.#hand(sender, kin);
  }

  async #hand(sender: string, kin: string): Promise<void> {
    const here = this.#held.get(sender);
    const group = here?.get(kin);
    if (!here || !group || this.#deps.closing.aborted) return;
    here.delete(kin);
    if (here.size === 0) this.#held.delete(sender);
    group.cancel();
    try {
      await this.#deps.submit(together(group.meanings), rowsOf(group.meanings));
      group.done.resolve();
    } catch (error) {
      group.done.reject(error);
    }
  }
}

function newDone(): PromiseWithResolvers<void> {
  const done = Promise.withResolvers<void>();
  // Whoever took the message hears of a failure; that nobody does is no accident of its own.
  done.promise.catch(() => undefined);
  return done;
}

/** Ids, reply and wishes of the newest; text and media of all, in order. */
function together(meanings: readonly Meaning[]): Meaning {
  const newest = meanings.at(-1)!;
  if (meanings.length === 1) return newest;
  const parts = meanings.flatMap(({ row }) => row.envelope.parts as EnvelopePart[]);
  return {
    ...newest,
    text: meanings.map(({ text }) => text).join("\n"),
    row: { ...newest.row, envelope: { ...newest.row.envelope, parts } },
  };
}

function rowsOf(meanings: readonly Meaning[]): InboxRow[] {
  return meanings.map(({ row }) => row);
}

function senderOf({ account, envelope }: InboxRow): string {
  return JSON.stringify([account, formatAddress(envelope.address), envelope.from.id]);
}

function kinOf({ sessionKey, principal, row }: Meaning): string {
  return JSON.stringify([sessionKey, principal, row.options ?? null]);
}

function isText({ envelope }: InboxRow): boolean {
  return envelope.parts.every((part) => part.type === "text" && !/^<media:/m.test(part.text));
}
