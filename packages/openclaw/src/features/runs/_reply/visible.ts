/**
 * What of a model's text people see. Kept out, in whole texts and while they stream: reasoning that models
 * write into their answer (`<think>…</think>`), wrapper tags, tool calls and control tokens that leaked into
 * the text, and the words of silence. Code, in fences or between backticks, is left as it is.
 *
 * Of blocks that are never closed: one after visible text hides what follows; when the whole answer is one
 * unclosed block of reasoning, only its tag goes.
 */
import {
  HEARTBEAT_OK,
  isSilent,
  mayBeSilent,
  withoutHeartbeatOk,
  withoutClosingOk,
  withoutOpeningOk,
} from "../../../contracts/silence.ts";
import { Scanner } from "./scanner.ts";

/** Visible text of a finished answer; empty when it says nothing. */
export function visibleText(text: string): string {
  const scanner = new Scanner();
  const shown = withoutHeartbeatOk((scanner.push(text) + scanner.end()).trim()).text;
  return isSilent(shown) ? "" : shown;
}

/** Reasoning that stands in the text itself, block by block. */
export function thoughtsIn(text: string): readonly string[] {
  if (!text.includes("<")) return [];
  return [...text.matchAll(/<(think|thinking|thought)>([\s\S]*?)<\/\1>/gi)].flatMap(([, , inside = ""]) =>
    inside.trim() === "" ? [] : [inside.trim()],
  );
}

/**
 * The same for a stream: `push` returns what may be shown of each piece. Text that could still become
 * something else is held back until it cannot.
 */
export class VisibleStream {
  readonly #scanner = new Scanner();
  #waiting = "";
  #started = false;
  /** The last character that was shown. */
  #before = "";

  push(delta: string): string {
    return this.#gate(this.#scanner.push(delta));
  }

  /** What was held back and turned out to be text. */
  end(): string {
    const all = this.#waiting + this.#scanner.end();
    this.#waiting = "";
    if (this.#started) return withoutClosingOk(all, this.#before);
    const { text, found } = withoutHeartbeatOk(all);
    const rest = found ? text : all;
    return rest.trim() === "" || isSilent(rest) ? "" : rest;
  }

  /** Holds the beginning back while it could be a word of silence, and later an end that could be one. */
  #gate(text: string): string {
    let open = this.#waiting + text;
    if (!this.#started) {
      const rest = mayBeOk(open) ? "" : withoutOpeningOk(open);
      if (mayBeSilent(open) || mayBeSilent(rest)) {
        this.#waiting = open;
        return "";
      }
      open = rest;
      this.#started = true;
    }
    const keep = lastWord(open, this.#before);
    this.#waiting = open.slice(open.length - keep);
    const shown = open.slice(0, open.length - keep);
    this.#before = shown.at(-1) ?? this.#before;
    return shown;
  }
}

/** Whether a beginning may still be `HEARTBEAT_OK` only, once or more. */
function mayBeOk(text: string): boolean {
  const begun = withoutOpeningOk(text)
    .trim()
    .replace(/^[*_]+/, "");
  return HEARTBEAT_OK.startsWith(begun);
}

const LAST = /(?<![A-Za-z0-9_])\s*((?:[*_]*HEARTBEAT_OK[*_]*[.!]?\s*)*)[*_]*(H[A-Z_]{0,11})?[*_]*[.!]?\s*$/;

/** Length of an end that is `HEARTBEAT_OK`, once or more, or its beginning, with the space before it. */
function lastWord(text: string, before: string): number {
  const tail = text.slice(-256);
  const [all = "", words = "", begun = ""] = LAST.exec(tail === text ? before + text : tail) ?? [];
  return words !== "" || (begun !== "" && HEARTBEAT_OK.startsWith(begun)) ? Math.min(all.length, text.length) : 0;
}
