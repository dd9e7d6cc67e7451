/**
 * Where one model goes on with what another one began: what people have read already is not said again, even when the
 * second one begins anew or takes up the last words.
 */

/** Characters at the seam that are compared. */
const LOOK = 240;
/** A shorter likeness may be chance. */
const LEAST = 12;
/** A beginning that is repeated whole may be shorter. */
const LEAST_WHOLE = 4;

export class Seam {
  readonly #said: string;
  #held: string | undefined = "";

  /** `said`: what stands already. */
  constructor(said: string) {
    this.#said = said;
    if (said === "") this.#held = undefined;
  }

  /** What of the text may be added. Held back while it may still turn out to be a repetition. */
  push(text: string): string {
    if (this.#held === undefined) return text;
    this.#held += text;
    const mayBeWhole = this.#said.trim().startsWith(this.#held.trim());
    if (mayBeWhole || this.#held.length < Math.min(LOOK, this.#said.length)) return "";
    return this.end();
  }

  end(): string {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined || held === "" ? "" : added(this.#said, held);
  }
}

/** What `text` adds to `said`. */
export function added(said: string, text: string): string {
  const whole = said.trim();
  const start = text.trimStart();
  if (whole.length >= LEAST_WHOLE && start.startsWith(whole)) return withoutGap(said, start.slice(whole.length));
  for (let length = Math.min(said.length, start.length, LOOK); length >= LEAST; length -= 1)
    if (said.endsWith(start.slice(0, length))) return start.slice(length);
  return needsGap(said, text) ? ` ${text}` : text;
}

/** A repeated beginning ended without the white space that people saw after it. */
function withoutGap(said: string, rest: string): string {
  return /\s$/.test(said) ? rest.trimStart() : rest;
}

function needsGap(said: string, text: string): boolean {
  return /[.,;:!?)\]]$/.test(said) && /^[\p{L}\p{N}]/u.test(text);
}
