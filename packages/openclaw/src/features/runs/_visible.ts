/**
 * What of a model's text people see. Reasoning that local models write into their answer
 * (`<think>…</think>`), wrapper tags and the silent token are kept out, in whole texts and while
 * they stream.
 */

const SILENT = "NO_REPLY";
const OPEN_TAGS = ["<think>", "<thinking>", "<thought>"] as const;
const CLOSE_TAGS = ["</think>", "</thinking>", "</thought>"] as const;
const WRAPPERS = /<\/?final>/gi;

/** Visible text of a finished answer; empty when it says nothing. */
export function visibleText(text: string): string {
  const shown = withoutThinking(text).replace(WRAPPERS, "").trim();
  return shown.toUpperCase() === SILENT ? "" : shown;
}

/** Closed blocks go. An unclosed one hides what follows, unless the whole answer is inside it: then only the tag goes. */
function withoutThinking(text: string): string {
  const closed = text.replace(/<(think|thinking|thought)>[\s\S]*?<\/\1>/gi, "");
  const at = closed.search(/<(?:think|thinking|thought)>/i);
  if (at < 0) return closed;
  const before = closed.slice(0, at);
  return before.trim() === "" ? closed.slice(at).replace(/^<\w+>/, "") : before;
}

/**
 * The same for a stream: `push` returns what may be shown of each piece. Text that could still
 * become a tag or the silent token is held back until it cannot.
 */
export class VisibleStream {
  #held = "";
  #hidden = false;
  #started = false;

  push(delta: string): string {
    this.#held += delta;
    let shown = "";
    for (;;) {
      const tags: readonly string[] = this.#hidden ? CLOSE_TAGS : [...OPEN_TAGS, "<final>", "</final>"];
      const hit = firstTag(this.#held, tags);
      if (!hit) break;
      if (!this.#hidden) shown += this.#held.slice(0, hit.at);
      this.#held = this.#held.slice(hit.at + hit.tag.length);
      if (hit.tag !== "<final>" && hit.tag !== "</final>") this.#hidden = !this.#hidden;
    }
    const keep = this.#hidden ? Math.max(...CLOSE_TAGS.map((t) => t.length)) : partialTag(this.#held);
    if (this.#hidden) this.#held = this.#held.slice(-keep);
    else {
      shown += this.#held.slice(0, this.#held.length - keep);
      this.#held = keep === 0 ? "" : this.#held.slice(-keep);
    }
    return this.#gate(shown);
  }

  /** What was held back and turned out to be text. */
  end(): string {
    const rest = this.#hidden ? "" : this.#held;
    this.#held = "";
    const shown = this.#gate(rest);
    if (this.#started) return shown;
    const waiting = this.#waiting;
    this.#waiting = "";
    return waiting.trim().toUpperCase() === SILENT ? "" : waiting;
  }

  #waiting = "";

  /** Holds the beginning back while it could be the silent token. */
  #gate(text: string): string {
    if (this.#started) return text;
    this.#waiting += text;
    const begun = this.#waiting.trimStart().toUpperCase();
    if (begun === "" || SILENT.startsWith(begun.trimEnd())) return "";
    this.#started = true;
    const out = this.#waiting;
    this.#waiting = "";
    return out;
  }
}

function firstTag(text: string, tags: readonly string[]): { at: number; tag: string } | undefined {
  if (!text.includes("<")) return undefined;
  const lower = text.toLowerCase();
  let best: { at: number; tag: string } | undefined;
  for (const tag of tags) {
    const at = lower.indexOf(tag);
    if (at >= 0 && (!best || at < best.at)) best = { at, tag };
  }
  return best;
}

/** Length of the end of `text` that could be the beginning of a tag. */
function partialTag(text: string): number {
  const at = text.lastIndexOf("<");
  if (at < 0 || text.length - at > 11) return 0;
  const end = text.slice(at).toLowerCase();
  return [...OPEN_TAGS, "<final>", "</final>"].some((tag) => tag.startsWith(end)) ? text.length - at : 0;
}
