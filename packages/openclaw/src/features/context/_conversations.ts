/**
 * The conversation as the model sees it, kept in memory for sessions in use so that a turn does not
 * read its transcript again. Bounded: the least recently used session is forgotten.
 */
import type { Message } from "../../contracts/message.ts";
import type { Entry, MessageEntry, TranscriptRef, Transcripts } from "../../store/index.ts";

export interface StoredMessage {
  readonly message: Message;
  readonly runId: string | undefined;
}

const MAX_SESSIONS = 64;
const MAX_BYTES = 32 * 1024 * 1024;

export class Contexts {
  readonly #transcripts: Transcripts;
  readonly #known = new Map<string, StoredMessage[]>();

  constructor(transcripts: Transcripts) {
    this.#transcripts = transcripts;
  }

  /** Messages from the newest compaction on, oldest first. The array grows with `append`; do not change it. */
  async load(ref: TranscriptRef): Promise<readonly StoredMessage[]> {
    const key = ref.sessionId;
    const known = this.#known.get(key) ?? (await this.#read(ref));
    this.#known.delete(key);
    this.#known.set(key, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_SESSIONS) break;
      this.#known.delete(oldest);
    }
    return known;
  }

  /** Its transcript was changed by other means than `append`. */
  forget(ref: TranscriptRef): void {
    this.#known.delete(ref.sessionId);
  }

  /** Writes messages to the transcript and then to memory. */
  async append(
    ref: TranscriptRef,
    messages: readonly Message[],
    options: { runId: string; cwd: string; durable: boolean },
  ): Promise<readonly MessageEntry[]> {
    const list = messages.map((message) => ({ message, runId: options.runId }));
    const entries = await this.#transcripts.append(ref, list, { cwd: options.cwd, durable: options.durable });
    this.#known.get(ref.sessionId)?.push(...list);
    return entries;
  }

  async #read(ref: TranscriptRef): Promise<StoredMessage[]> {
    const window = await this.#transcripts.context(ref, MAX_BYTES);
    return window.entries.flatMap((entry) => fromEntry(entry));
  }
}

function fromEntry(entry: Entry): StoredMessage[] {
  if (entry.type === "message") {
    const { message, runId } = entry as MessageEntry;
    return [{ message, runId }];
  }
  if (entry.type === "compaction" && "summary" in entry) {
    return [
      {
        message: {
          role: "user",
          content: `Summary of the conversation so far:\n\n${String(entry.summary)}`,
          timestamp: Date.parse(entry.timestamp),
        },
        runId: undefined,
      },
    ];
  }
  return [];
}

/**
 * The newest messages that fit into `budget` tokens (4 characters each, pictures 1,500), cut at a
 * user message so that no turn is torn. The newest turn always stays.
 */
export function fitWindow(messages: readonly Message[], budget: number): readonly Message[] {
  let used = 0;
  let start = messages.length;
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const message = messages[i];
    if (!message) break;
    used += estimateTokens(message);
    if (used > budget && start < messages.length) break;
    if (message.role === "user") start = i;
  }
  return start === 0 ? messages : messages.slice(start === messages.length ? 0 : start);
}

/** A rough count that errs on the high side for prose. */
function estimateTokens(message: Message): number {
  if (typeof message.content === "string") return Math.ceil(message.content.length / 4) + 4;
  let characters = 16;
  for (const part of message.content) {
    if (part.type === "text") characters += part.text.length;
    else if (part.type === "thinking") characters += part.thinking.length;
    else if (part.type === "toolCall") characters += part.name.length + JSON.stringify(part.arguments).length;
    else characters += 6000;
  }
  return Math.ceil(characters / 4);
}
