/** Embeddings of questions; those of the last ones are remembered. */
import { errorText } from "../../base/errors.ts";
import type { Choice, Embedders } from "./_embedder.ts";

const REMEMBERED = 64;
const MAX_CHARS = 8000;

export interface AskedQuestion {
  readonly vector: Float32Array;
  readonly fingerprint: string;
  readonly choice: Choice;
}

export class Questions {
  readonly #embedders: Embedders;
  readonly #known = new Map<string, Float32Array>();

  constructor(embedders: Embedders) {
    this.#embedders = embedders;
  }

  /** Never rejects: `note` says why there is no embedding. */
  async ask(query: string, signal: AbortSignal): Promise<AskedQuestion | { readonly note: string }> {
    const text = query.slice(0, MAX_CHARS).toWellFormed().trim();
    if (text === "") return { note: "the question is empty" };
    const choice = this.#embedders.choice();
    if (typeof choice === "string") return { note: choice };
    const first = await this.#by(choice, text, signal);
    if ("vector" in first) return first;
    const second = this.#embedders.choice();
    if (typeof second === "string" || second.provider === choice.provider || signal.aborted) return first;
    return this.#by(second, text, signal);
  }

  async #by(choice: Choice, text: string, signal: AbortSignal): Promise<AskedQuestion | { readonly note: string }> {
    const { fingerprint } = choice.provider;
    const key = `${fingerprint}\0${text}`;
    const known = this.#known.get(key);
    if (known) return { vector: known, fingerprint, choice };
    try {
      const { floats } = await this.#embedders.embed(choice.provider, [text], "query", signal);
      this.#known.set(key, floats);
      for (const old of this.#known.keys()) {
        if (this.#known.size <= REMEMBERED) break;
        this.#known.delete(old);
      }
      return { vector: floats, fingerprint, choice };
    } catch (error) {
      return { note: `${choice.provider.label}: ${errorText(error)}` };
    }
  }
}
