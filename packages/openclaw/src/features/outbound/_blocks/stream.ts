/**
 * An answer while it is written, as blocks to be posted: directions are taken out, the text is cut
 * (`chunker.ts`), neighbouring pieces are joined while they come quickly, and what an earlier attempt of the
 * same turn said is left out.
 */
import type { Clock } from "../../../base/time.ts";
import type { PostPart } from "../../../store/index.ts";
import { DirectionStream, type Directions } from "../_directives.ts";
import { Chunker, type Chunk, type ChunkSettings } from "./chunker.ts";
import { digestOf, essence, restAfter, saidOf } from "./said.ts";

export interface BlockSettings {
  readonly chunk: ChunkSettings;
  readonly coalesce: {
    /** Pause after which what was joined so far is posted. */
    readonly idleMs: number;
    /** A pause ends nothing shorter. */
    readonly minChars: number;
    readonly maxChars: number;
  };
  /** `message_end`: nothing is posted before the whole message is there. */
  readonly breakAt: "text_end" | "message_end";
}

export interface Block extends Directions {
  /** Without the number of the answer. */
  readonly part: Omit<PostPart, "answer">;
}

export interface BlockStreamOptions extends BlockSettings {
  readonly clock: Clock;
  readonly emit: (block: Block) => void;
  /** What earlier attempts said of this answer. */
  readonly said?: readonly PostPart[];
}

export class BlockStream {
  readonly #options: BlockStreamOptions;
  readonly #directions = new DirectionStream();
  readonly #chunker: Chunker;
  /** Text that waits until it is clear how much of it was said. */
  #unsure: string | undefined;
  #solid = "";
  /** Characters said before, which the chunker has not seen. */
  #offset = 0;
  #media = 0;
  #open: Chunk | undefined;
  #cancelIdle = () => {};

  constructor(options: BlockStreamOptions) {
    this.#options = options;
    this.#chunker = new Chunker(options.chunk);
    if (options.said && options.said.length > 0) this.#unsure = "";
  }

  /** More of the visible text. */
  push(visible: string): void {
    const early = this.#options.breakAt === "text_end";
    for (const line of visible.split(/(?<=\n)/)) {
      this.#take(this.#directions.push(line));
      if (early) this.#files();
    }
    if (early) this.#join(this.#chunker.drain(false));
  }

  /** A text of the message ends here: a tool is called, say. */
  pause(): void {
    if (this.#options.breakAt === "text_end" && this.#unsure === undefined) this.#flush();
  }

  /** The message is complete. */
  end(): void {
    this.#take(this.#directions.end());
    if (this.#unsure !== undefined) this.#settle(this.#unsure);
    this.#flush();
    this.#files();
  }

  /** Forgets what was not posted. */
  discard(): void {
    this.#cancelIdle();
    this.#open = undefined;
  }

  #take(text: string): void {
    if (this.#unsure === undefined) {
      this.#solid += essence(text);
      this.#chunker.append(text);
      return;
    }
    this.#unsure += text;
    const longest = Math.max(...(this.#options.said ?? []).map(({ to }) => to));
    if (essence(this.#unsure).length >= longest) this.#settle(this.#unsure);
  }

  /** Enough has come to see how much of it was said. */
  #settle(text: string): void {
    this.#unsure = undefined;
    this.#offset = saidOf(text, this.#options.said ?? []);
    this.#solid = essence(text);
    const rest = restAfter(text, this.#offset);
    // A fence that is opened again counts as said.
    this.#offset -= essence(rest).length - (this.#solid.length - this.#offset);
    this.#chunker.append(rest);
  }

  #join(chunks: readonly Chunk[]): void {
    const { coalesce, clock } = this.#options;
    for (const chunk of chunks) {
      const open = this.#open;
      const joined = open?.joint === undefined ? undefined : `${open.text}${open.joint}${chunk.text}`;
      if (open && (joined === undefined || joined.length > coalesce.maxChars)) this.#post();
      this.#open = this.#open && joined !== undefined ? { ...chunk, text: joined } : chunk;
      if (this.#open.text.length >= coalesce.maxChars) this.#post();
    }
    if (chunks.length === 0 || !this.#open) return;
    this.#cancelIdle();
    this.#cancelIdle = clock.timer(coalesce.idleMs, () => {
      if ((this.#open?.text.length ?? 0) >= coalesce.minChars) this.#post();
    });
  }

  #flush(): void {
    this.#join(this.#chunker.drain(true));
    this.#post();
  }

  #post(): void {
    this.#cancelIdle();
    const open = this.#open;
    this.#open = undefined;
    if (open) this.#emit(open.text, this.#offset + open.end, []);
  }

  /** Files go out behind the text before them. */
  #files(): void {
    if (this.#unsure !== undefined) return;
    const { media } = this.#directions.found();
    const said = new Set(this.#options.said?.flatMap((part) => part.media ?? []));
    const fresh = media.slice(this.#media).filter((source) => !said.has(source));
    if (media.length === this.#media) return;
    this.#media = media.length;
    if (fresh.length === 0) return;
    this.#flush();
    this.#emit("", 0, fresh);
  }

  #emit(text: string, to: number, media: readonly string[]): void {
    const { replyTo, asVoice } = this.#directions.found();
    this.#options.emit({
      text,
      media,
      asVoice,
      ...(replyTo === undefined ? {} : { replyTo }),
      part: { to, digest: digestOf(this.#solid, to), ...(media.length === 0 ? {} : { media }) },
    });
  }
}
