/** One walk through the text of a model, whole or in pieces: what stands in hidden blocks, and tags, are left out (`visible.ts`). */

interface Hidden {
  readonly open: string;
  readonly close: string;
  /** Shown after all when there is nothing else. */
  readonly reasoning?: true;
}

const HIDDEN: readonly Hidden[] = [
  { open: "<think>", close: "</think>", reasoning: true },
  { open: "<thinking>", close: "</thinking>", reasoning: true },
  { open: "<thought>", close: "</thought>", reasoning: true },
  { open: "<tool_call>", close: "</tool_call>" },
  { open: "<function_calls>", close: "</function_calls>" },
  { open: "<minimax:tool_call>", close: "</minimax:tool_call>" },
  { open: "[tool_call]", close: "[/tool_call]" },
];
/** Tags that go while what is between them stays. */
const DROPPED: readonly string[] = ["<final>", "</final>", ...HIDDEN.map(({ close }) => close)];
const TAGS: readonly string[] = [...HIDDEN.map(({ open }) => open), ...DROPPED];
const LONGEST_TAG = Math.max(...TAGS.map((tag) => tag.length));
const TAG_BEGUN = /^(?:<(?:$|[/a-z|｜])|\[(?:$|[/t]))/i;
/** `<|im_end|>`, `<｜tool▁calls▁begin｜>`. */
const CONTROL = /^<[|｜][a-z0-9_▁:-]{1,40}[|｜]>/i;
const CONTROL_BEGUN = /^<(?:[|｜][a-z0-9_▁:-]{0,40}[|｜]?)?$/i;

const FENCE = /^[ \t]*(`{3,}|~{3,})/;
const FENCE_BEGUN = /^[ \t]*(?:`{0,2}|~{0,2})$/;

interface Block {
  readonly kind: Hidden;
  text: string;
}

/** Goes through a text once, piece by piece, and says what of it is shown. */
export class Scanner {
  #held = "";
  #hidden: Block | undefined;
  /** Marker of the fence that is open. */
  #fence: string | undefined;
  /** Backticks that opened code in the line. */
  #code = "";
  #atLineStart = true;
  #shown = false;
  /** Whether a block was hidden to its end. */
  #closed = false;

  push(delta: string): string {
    this.#held += delta;
    return this.#noted(this.#scan(false));
  }

  end(): string {
    const out = this.#noted(this.#scan(true));
    const { kind, text } = this.#hidden ?? {};
    this.#hidden = undefined;
    return kind?.reasoning && !this.#shown && !this.#closed ? out + (text ?? "") : out;
  }

  #noted(out: string): string {
    this.#shown ||= out.trim() !== "";
    return out;
  }

  #scan(last: boolean): string {
    let out = "";
    for (;;) {
      const step = this.#hidden
        ? this.#skip(this.#hidden, last)
        : this.#atLineStart || this.#fence !== undefined
          ? this.#line(last)
          : this.#inline(last);
      if (step === undefined) return out;
      out += step;
      if (this.#held === "") return out;
    }
  }

  /** Takes the first `length` characters off what is held. */
  #take(length: number): string {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return text;
  }

  /** Inside a hidden block. Undefined: more is needed. */
  #skip(hidden: Block, last: boolean): string | undefined {
    const { close } = hidden.kind;
    const at = placeOf(this.#held, close);
    if (at >= 0) {
      this.#take(at + close.length);
      this.#hidden = undefined;
      this.#closed = true;
      return "";
    }
    hidden.text += this.#take(Math.max(0, this.#held.length - (last ? 0 : close.length - 1)));
    return undefined;
  }

  /** At the start of a line, or inside a fence: fences open and close by whole lines. */
  #line(last: boolean): string | undefined {
    const newline = this.#held.indexOf("\n");
    const line = newline < 0 ? this.#held : this.#held.slice(0, newline);
    const whole = newline >= 0 || last;
    const next = newline < 0 ? line.length : newline + 1;
    if (this.#fence !== undefined) {
      if (!whole && this.#atLineStart && line.length < 200 && /^[ \t]*(?:[`~]+[ \t]*)?\r?$/.test(line))
        return undefined;
      if (whole && this.#atLineStart && closes(line, this.#fence)) this.#fence = undefined;
      this.#atLineStart = newline >= 0;
      return this.#take(next);
    }
    const marker = FENCE.exec(line)?.[1];
    if (!whole && (FENCE_BEGUN.test(line) || marker !== undefined)) return line === "" ? undefined : this.#hold(line);
    if (marker === undefined) {
      this.#atLineStart = false;
      this.#code = "";
      return "";
    }
    this.#fence = marker;
    this.#atLineStart = newline >= 0;
    return this.#take(next);
  }

  /** A line that may become a fence waits for its end, unless it is too long to be one. */
  #hold(line: string): string | undefined {
    if (line.length < 200) return undefined;
    this.#atLineStart = false;
    return "";
  }

  /** The rest of a line outside fences. */
  #inline(last: boolean): string | undefined {
    const text = this.#held;
    const at = this.#code === "" ? text.search(/[<`[\n]/) : text.search(/[`\n]/);
    if (at !== 0) return this.#take(at < 0 ? text.length : at);
    if (text[0] === "\n") {
      this.#atLineStart = true;
      this.#code = "";
      return this.#take(1);
    }
    return text[0] === "`" ? this.#backticks(last) : this.#tag(last);
  }

  #backticks(last: boolean): string | undefined {
    const run = /^`+/.exec(this.#held)?.[0] ?? "`";
    if (run.length === this.#held.length && !last) return undefined;
    if (this.#code === "") this.#code = run;
    else if (this.#code === run) this.#code = "";
    return this.#take(run.length);
  }

  #tag(last: boolean): string | undefined {
    if (!TAG_BEGUN.test(this.#held)) return this.#take(1);
    const head = this.#held.slice(0, LONGEST_TAG).toLowerCase();
    const kind = HIDDEN.find(({ open }) => head.startsWith(open));
    if (kind) {
      this.#take(kind.open.length);
      this.#hidden = { kind, text: "" };
      return "";
    }
    const dropped = DROPPED.find((tag) => head.startsWith(tag));
    const control = dropped ?? CONTROL.exec(this.#held)?.[0];
    if (control !== undefined) {
      this.#take(control.length);
      return "";
    }
    const undecided = TAGS.some((tag) => tag.startsWith(head)) || CONTROL_BEGUN.test(this.#held);
    if (undecided && !last) return undefined;
    return this.#take(1);
  }
}

/** A line of nothing but the marker of the fence, or a longer one. */
function closes(line: string, marker: string): boolean {
  const only = line.trim();
  return only.startsWith(marker) && only === (marker[0] ?? "").repeat(only.length);
}

/** Where a tag stands, in any case; the text is not gone through further than that. */
function placeOf(text: string, tag: string): number {
  const first = tag[0] ?? "";
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1))
    if (text.slice(at, at + tag.length).toLowerCase() === tag) return at;
  return -1;
}
