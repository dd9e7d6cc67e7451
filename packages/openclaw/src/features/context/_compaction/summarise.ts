/**
 * From messages to the text of a record.
 *
 * 1. What earlier records say is read again with the messages, never copied after each other.
 * 2. In one go where it fits; in pieces that are merged where it does not, or where `safeguard` wants it.
 * 3. A turn that is cut in the middle is told by itself.
 * 4. What must not be lost is added by rule (`by-rule.ts`).
 */
import type { Message } from "../../../contracts/message.ts";
import type { CompactionSettings } from "../_settings.ts";
import { textTokens } from "../_tokens.ts";
import { minimalRecord, quotedRequest, withFacts, withoutRule } from "./by-rule.ts";
import { factsOf } from "./facts.ts";
import type { Facts } from "./facts.ts";
import { TooLong } from "./model.ts";
import type { Writer } from "./model.ts";
import { lacking } from "./quality.ts";
import { framed, piecesOf } from "./serialize.ts";

export interface SummaryQuestion {
  /** Whole turns, oldest first. */
  readonly history: readonly Message[];
  /** Beginning of the turn whose end is kept. */
  readonly begun: readonly Message[];
  /** The record so far. */
  readonly previous?: string;
  readonly facts: { readonly readFiles?: readonly string[]; readonly modifiedFiles?: readonly string[] };
  readonly settings: CompactionSettings;
  /** What the person wants kept in view. */
  readonly instructions?: string;
  /** Tokens of the window of the model that writes. */
  readonly window: number;
  /** Instructions by name: `summary`, `identifiers`, `merge`, `begun`. */
  readonly prose: (name: string) => string;
}

export interface SummaryAnswer {
  readonly summary: string;
  readonly facts: Facts;
  readonly model?: string;
  /** Put together by rule because no model did. */
  readonly minimal: boolean;
}

const SMALLEST_PIECE = 1000;

/** Throws what the writer throws, unless the mode is `safeguard`: then a minimal record takes its place. */
export async function summarise(writer: Writer, question: SummaryQuestion): Promise<SummaryAnswer> {
  const { history, begun, settings } = question;
  const facts = factsOf([...history, ...begun], question.facts);
  const work = new Work(writer, question);
  let body: string;
  let minimal = false;
  try {
    body = await work.body();
  } catch (error) {
    if (settings.mode !== "safeguard" || writer.cancelled) throw error;
    body = minimalRecord(question);
    minimal = true;
  }
  const { model } = work;
  return {
    summary: withFacts(body, question, facts),
    facts,
    minimal,
    ...(model === undefined ? {} : { model }),
  };
}

class Work {
  readonly #writer: Writer;
  readonly #question: SummaryQuestion;
  model: string | undefined;

  constructor(writer: Writer, question: SummaryQuestion) {
    this.#writer = writer;
    this.#question = question;
  }

  async body(): Promise<string> {
    const { history, begun, previous } = this.#question;
    const record = history.length === 0 && previous !== undefined ? previous : await this.#record(history);
    if (begun.length === 0) return record;
    return [record, "## Request under way", quotedRequest(begun), await this.#begun(begun)]
      .filter((text) => text !== "")
      .join("\n\n");
  }

  async #record(history: readonly Message[]): Promise<string> {
    if (history.length === 0) return "";
    const { window, settings } = this.#question;
    for (let room = this.#room(window); ; room = Math.floor(room / 2)) {
      const staged = settings.mode === "safeguard" ? Math.floor(room * STAGED_SHARE) : room;
      try {
        return await this.#inPieces(piecesOf(history, staged));
      } catch (error) {
        if (!(error instanceof TooLong) || room < SMALLEST_PIECE) throw error;
      }
    }
  }

  async #inPieces(pieces: readonly string[]): Promise<string> {
    if (pieces.length <= 1) return this.#checked(this.#told(pieces[0] ?? "", this.#question.previous));
    const records: string[] = [];
    let before = this.#question.previous;
    for (const piece of pieces) {
      records.push(await this.#checked(this.#told(piece, before)));
      before = undefined;
    }
    return this.#merge(records);
  }

  /** Records of parts become one, in groups where they do not fit together. */
  async #merge(records: readonly string[]): Promise<string> {
    const room = this.#room(this.#question.window);
    let left = records;
    while (left.length > 1) {
      const groups: string[][] = [[]];
      let tokens = 0;
      for (const record of left) {
        tokens += textTokens(record);
        if (tokens > room && groups.at(-1)!.length > 1) {
          groups.push([]);
          tokens = textTokens(record);
        }
        groups.at(-1)!.push(record);
      }
      left = await Promise.all(groups.map((group) => this.#mergeGroup(group)));
    }
    return left[0] ?? "";
  }

  async #mergeGroup(group: readonly string[]): Promise<string> {
    if (group.length === 1) return group[0]!;
    const parts = group.map((record, i) => framed(`part-${i + 1}`, record)).join("\n\n");
    return this.#checked(`${this.#question.prose("merge")}\n\n${parts}`);
  }

  #told(piece: string, previous: string | undefined): string {
    const before =
      previous === undefined || previous === ""
        ? ""
        : `The record so far; write it anew together with what follows, do not just add to it:\n\n${framed("record", withoutRule(previous))}\n\n`;
    return `${before}${framed("conversation", piece)}`;
  }

  async #begun(begun: readonly Message[]): Promise<string> {
    const rest = begun[0]?.role === "user" ? begun.slice(1) : begun;
    if (rest.length === 0) return "";
    const told = framed("turn", piecesOf(begun, this.#room(this.#question.window))[0] ?? "");
    return this.#write(`${this.#question.prose("begun")}\n\n${told}`);
  }

  /** Writes until nothing is lacking or nobody wants to try again; the fullest attempt holds. */
  async #checked(text: string): Promise<string> {
    let best = "";
    let wish = "";
    for (let left = this.#question.settings.qualityRetries; ; left -= 1) {
      const written = await this.#write(text + wish);
      const lacks = lacking(written);
      if (lacks === undefined) return written;
      if (written.length > best.length) best = written;
      if (left <= 0) return best;
      wish = `\n\nAn earlier attempt was refused: ${lacks}. Write the whole record.`;
    }
  }

  async #write(text: string): Promise<string> {
    const { text: written, model } = await this.#writer.write({
      system: this.#system(),
      text,
      maxTokens: answerTokens(this.#question.window),
    });
    this.model = model;
    return written;
  }

  #system(): string {
    const { prose, settings, instructions, window } = this.#question;
    const policy =
      settings.identifierPolicy === "off"
        ? undefined
        : settings.identifierPolicy === "custom"
          ? settings.identifierInstructions
          : prose("identifiers");
    const wishes = [settings.customInstructions, instructions].filter(
      (text) => text !== undefined && text.trim() !== "",
    );
    return [
      prose("summary"),
      policy,
      `At most ${Math.floor(answerTokens(window) / 2)} words.`,
      wishes.length > 0 ? `Keep in view above all: ${wishes.join("\n")}` : undefined,
    ]
      .filter((text) => text !== undefined && text.trim() !== "")
      .join("\n\n");
  }

  /** Tokens of conversation that one request can hold. */
  #room(window: number): number {
    const previous = textTokens(this.#question.previous ?? "");
    const rest = window - answerTokens(window) - textTokens(this.#system()) - previous;
    return Math.max(SMALLEST_PIECE, Math.floor(rest * MARGIN));
  }
}

/** Share of what fits that is told at once with `safeguard`. */
const STAGED_SHARE = 0.4;
/** Estimates are estimates. */
const MARGIN = 0.75;
const LONGEST_ANSWER = 4000;

function answerTokens(window: number): number {
  return Math.min(LONGEST_ANSWER, Math.max(600, Math.floor(window / 10)));
}
