/**
 * Directions that an assistant writes into its text, taken out of whole texts and of streams:
 *
 * - `MEDIA:<path or address>` on a line of its own: a file to send.
 * - `[[reply_to_current]]`, `[[reply_to:<id>]]`: the message that is answered; the first one holds.
 * - `[[audio_as_voice]]`: sound is sent as a voice note.
 * - `[[tts:…]]` and `[[tts:text]]…[[/tts:text]]`: what is spoken; never shown.
 * - `[embed ref="…"]`, `[embed url="…"]`: for the Control UI.
 *
 * Inside code fences nothing is a direction.
 */

export interface Directions {
  /** What people read. */
  readonly text: string;
  /** Paths and addresses, in order. */
  readonly media: readonly string[];
  readonly replyTo?: "current" | { readonly id: string };
  readonly asVoice: boolean;
}

/** Takes the directions out of a whole text. */
export function takeDirections(text: string): Directions {
  const stream = new DirectionStream();
  const shown = stream.push(text) + stream.end();
  return { ...stream.found(), text: shown.replace(/\n{3,}/g, "\n\n").trim() };
}

const MEDIA_LINE = /^[ \t]*(?:[`"']+[ \t]*)?MEDIA:([^\n]+)$/;
/** A line, or its beginning, that may still turn out to be one. */
const MEDIA_BEGUN = /^[ \t]*(?:[`"']+[ \t]*)?(?:M|ME|MED|MEDI|MEDIA|MEDIA:[^\n]*)?$/;
/** Longest line of nothing but a direction. Longer ones are neither waited for nor taken apart. */
const LONGEST_LINE = 4096;
const FENCE = /^[ \t]*(`{3,}|~{3,})/;
const TAG =
  /\[\[\s*(?:(reply_to_current)|reply_to:\s*([^[\]\s]{1,256})|(audio_as_voice)|(tts:text)|tts(?::[^[\]]{0,500})?|\/tts:text)\s*\]\]|\[embed\s+(?:ref|url)="[^"\n]{0,2000}"\s*\/?\]/gi;
const SPOKEN_END = /\[\[\s*\/tts:text\s*\]\]/i;
/** Longest tag that is waited for. */
const LONGEST_TAG = 600;

/** `push` returns what people read of each piece; a direction that is not complete yet is held back. */
export class DirectionStream {
  #held = "";
  #fence: string | undefined;
  #atLineStart = true;
  #spoken = false;
  #media: string[] = [];
  #replyTo: Directions["replyTo"];
  #asVoice = false;

  /** What was found so far. */
  found(): Omit<Directions, "text"> {
    return {
      media: this.#media,
      asVoice: this.#asVoice,
      ...(this.#replyTo === undefined ? {} : { replyTo: this.#replyTo }),
    };
  }

  push(delta: string): string {
    this.#held += delta;
    return this.#work(false);
  }

  end(): string {
    return this.#work(true);
  }

  #work(last: boolean): string {
    let out = "";
    while (this.#held !== "") {
      const newline = this.#held.indexOf("\n");
      if (newline < 0) return out + (last ? this.#line(this.#taken(this.#held.length), "") : this.#begun());
      const line = this.#taken(newline);
      this.#taken(1);
      out += this.#line(line, "\n");
      this.#atLineStart = true;
    }
    return out;
  }

  #taken(length: number): string {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return text;
  }

  /** As much of an incomplete line as can be shown. */
  #begun(): string {
    const line = this.#held;
    const isShort = line.length <= LONGEST_LINE;
    if (
      isShort &&
      this.#atLineStart &&
      (MEDIA_BEGUN.test(line) || FENCE.test(line) || /^[ \t]*(?:`{1,2}|~{1,2})$/.test(line))
    )
      return "";
    if (this.#fence !== undefined) {
      if (isShort && this.#atLineStart && /^[ \t]*(?:[`~]+[ \t]*)?$/.test(line)) return "";
      this.#atLineStart = false;
      return this.#taken(line.length);
    }
    const tag = this.#spoken ? 0 : line.lastIndexOf("[");
    const from = line[tag - 1] === "[" ? tag - 1 : tag;
    const open = this.#spoken || (from >= 0 && line.length - from < LONGEST_TAG && unclosed(line.slice(from)));
    const ready = open ? from : line.length;
    if (ready <= 0) return "";
    this.#atLineStart = false;
    return this.#tags(this.#taken(ready));
  }

  /** A whole line, or what was left of it. */
  #line(line: string, end: string): string {
    const marker = this.#atLineStart ? FENCE.exec(line)?.[1] : undefined;
    if (this.#fence !== undefined) {
      if (marker?.startsWith(this.#fence) && line.trim() === marker) this.#fence = undefined;
      return line + end;
    }
    if (marker !== undefined) {
      this.#fence = marker;
      return line + end;
    }
    const mayBeMedia = this.#atLineStart && !this.#spoken && line.length <= LONGEST_LINE;
    const media = mayBeMedia ? MEDIA_LINE.exec(line)?.[1] : undefined;
    const source = media === undefined ? "" : bare(media);
    if (source !== "") {
      this.#media.push(source);
      return "";
    }
    const shown = this.#tags(line);
    // A line that was nothing but directions goes as a whole.
    return shown.trim() === "" && line.trim() !== "" && this.#atLineStart ? "" : shown + (this.#spoken ? "" : end);
  }

  #tags(text: string): string {
    if (!this.#spoken && !text.includes("[")) return text;
    let out = "";
    let rest = text;
    for (;;) {
      if (this.#spoken) {
        const close = SPOKEN_END.exec(rest);
        if (!close) return out;
        this.#spoken = false;
        rest = rest.slice(close.index + close[0].length);
      }
      TAG.lastIndex = 0;
      const tag = TAG.exec(rest);
      if (!tag) return out + rest;
      const [whole, current, id, voice, spoken] = tag;
      if (current !== undefined) this.#replyTo ??= "current";
      if (id !== undefined) this.#replyTo ??= { id };
      if (voice !== undefined) this.#asVoice = true;
      if (spoken !== undefined) this.#spoken = true;
      out += rest.slice(0, tag.index);
      rest = rest.slice(tag.index + whole.length);
    }
  }
}

/** Whether a text that begins with a bracket has no end of a tag in it. */
function unclosed(text: string): boolean {
  if (text === "[") return true;
  return text.startsWith("[[")
    ? !text.includes("]]")
    : /^\[e[^\]]*$/i.test(text) && "[embed ".startsWith(text.slice(0, 7).toLowerCase());
}

/** Without the quotes or backticks around it. */
function bare(source: string): string {
  return source
    .trim()
    .replace(/^[`"'<]+|[`"'>]+$/g, "")
    .trim();
}
