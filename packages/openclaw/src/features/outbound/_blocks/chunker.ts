/**
 * Cuts an answer into blocks while it is written. `append` adds text; `drain` gives what is ready:
 *
 * 1. Nothing below `minChars`, unless forced; a forced rest that fits is one block.
 * 2. In the first `maxChars`, behind `minChars`: the last end of a paragraph outside a fence, else of a line, else
 *    of a sentence. The first kind that is tried is `breakPreference`.
 * 3. None found: wait until there are `maxChars`, then cut at the last white space outside a fence, else right
 *    there. Inside a fence the block closes it, and the rest opens it again with the same line.
 */
import { cut } from "../../../base/text.ts";
import { fencesOf, type Fence } from "../../../channel-kit/index.ts";

export type BreakPreference = "paragraph" | "newline" | "sentence";

export interface ChunkSettings {
  readonly minChars: number;
  readonly maxChars: number;
  readonly breakPreference: BreakPreference;
}

/** What stands between a block and the next when they are joined again; undefined where a fence was broken. */
export type Joint = "\n\n" | "\n" | " " | "" | undefined;

export interface Chunk {
  readonly text: string;
  readonly joint: Joint;
  /** Characters other than white space of everything appended, up to the end of this block. */
  readonly end: number;
}

const KINDS: readonly (readonly [BreakPreference | "whitespace", RegExp, Joint])[] = [
  ["paragraph", /\r?\n[ \t]*(?=\r?\n)/g, "\n\n"],
  ["newline", /\n/g, "\n"],
  ["sentence", /[.!?](?=\s|$)/g, " "],
  ["whitespace", /\s/g, " "],
];

export class Chunker {
  readonly #min: number;
  readonly #max: number;
  readonly #kinds: typeof KINDS;
  #buffer = "";
  /** Characters at the start of the buffer that nobody wrote: the fence opened again. */
  #reopened = 0;
  #end = 0;

  constructor({ minChars, maxChars, breakPreference }: ChunkSettings) {
    this.#max = Math.max(1, maxChars);
    this.#min = Math.max(1, Math.min(minChars, this.#max));
    this.#kinds = KINDS.slice(KINDS.findIndex(([kind]) => kind === breakPreference));
  }

  append(text: string): void {
    this.#buffer += text;
  }

  /** Blocks that are ready; with `force` all that is left. None is empty. */
  drain(force: boolean): Chunk[] {
    const chunks: Chunk[] = [];
    const emit = (text: string, length: number, joint: Joint) => {
      this.#end += solid(this.#buffer.slice(this.#reopened, length));
      this.#buffer = this.#buffer.slice(length);
      this.#reopened = 0;
      if (text.trim() !== "") chunks.push({ text, joint, end: this.#end });
    };
    while (this.#buffer.length >= this.#min || (force && this.#buffer !== "")) {
      if (this.#buffer.length === this.#reopened) break;
      if (force && this.#buffer.length <= this.#max) {
        emit(this.#buffer.trimEnd(), this.#buffer.length, "\n\n");
        break;
      }
      const fences = fencesOf(this.#buffer);
      const free = this.#breakOutside(fences);
      if (free) {
        const blank = (free.joint === " " ? /^\s*/ : /^(?:[ \t]*\r?\n)*/).exec(this.#buffer.slice(free.at));
        emit(this.#buffer.slice(0, free.at).trimEnd(), free.at + (blank?.[0].length ?? 0), free.joint);
      } else if (this.#buffer.length < this.#max) break;
      else if (!this.#hardCut(fences, emit)) {
        if (force) emit(this.#buffer.trimEnd(), this.#buffer.length, undefined);
        break;
      }
    }
    return chunks;
  }

  #breakOutside(fences: readonly Fence[]): { at: number; joint: Joint } | undefined {
    const window = this.#buffer.slice(0, this.#max);
    const whole = window.length === this.#buffer.length;
    const full = this.#buffer.length >= this.#max;
    for (const [kind, pattern, joint] of this.#kinds) {
      if (kind === "whitespace" && !full) continue;
      let best: number | undefined;
      for (const { index, 0: found } of window.matchAll(pattern)) {
        const at = index + found.length;
        // The end of what has come so far is not yet the end of a sentence.
        if (at < this.#min || (whole && at === window.length && !/\s$/.test(found))) continue;
        if (fences.some(({ start, end }) => start < at && at < end + 1)) continue;
        best = at;
      }
      if (best !== undefined) return { at: best, joint };
    }
    return undefined;
  }

  /** False when there is nothing to cut yet: a fence was opened and nothing stands in it. */
  #hardCut(fences: readonly Fence[], emit: (text: string, length: number, joint: Joint) => void): boolean {
    const fence = fences.find(({ start, end }) => start < this.#max && this.#max < end + 1);
    if (!fence || fence.opening.length >= this.#max) {
      const length = Math.max(
        cut(this.#buffer, this.#max).length,
        1 + Number(isPair(this.#buffer)),
        this.#reopened + 1,
      );
      emit(this.#buffer.slice(0, length), length, "");
      return true;
    }
    if (fence.body >= this.#buffer.length) return false;
    const room = Math.max(fence.body + 1, this.#max - fence.marker.length - 1);
    const line = this.#buffer.lastIndexOf("\n", room - 1) + 1;
    const at = line > fence.body && line >= this.#min ? line : Math.max(cut(this.#buffer, room).length, fence.body + 1);
    if (at >= fence.close && fence.close < fence.end) {
      emit(this.#buffer.slice(0, fence.end), fence.end, "\n");
      return true;
    }
    const body = this.#buffer.slice(0, at);
    const reopened = `${fence.opening.length <= this.#max / 4 ? fence.opening : fence.marker}\n`;
    emit(`${body}${body.endsWith("\n") ? "" : "\n"}${fence.marker}`, at, undefined);
    this.#buffer = reopened + this.#buffer;
    this.#reopened = reopened.length;
    return true;
  }
}

/** Number of characters that are no white space. */
export function solid(text: string): number {
  return text.replace(/\s+/g, "").length;
}

function isPair(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 0xd800 && code <= 0xdbff;
}
