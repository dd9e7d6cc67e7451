/**
 * `reasoning_details` of routers: thoughts with their proofs, to be sent back as they came.
 * Source: https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
import { isRecord } from "../../base/record.ts";

type Detail = Readonly<Record<string, unknown>>;

/** Marks a signature that holds details. */
const PREFIX = "details:";
/** Characters of details that are kept to be sent back; a model that was cut off there thinks anew. */
const KEPT_LIMIT = 1024 * 1024;

/** What a detail says to people; nothing for a sealed one. */
export function detailText(detail: Detail): string {
  const text = detail["text"] ?? detail["summary"];
  return typeof text === "string" ? text : "";
}

/** Details of one answer, put together from the pieces of a stream. */
export class ReasoningDetails {
  readonly #found: Record<string, unknown>[] = [];
  #size = 0;

  add(piece: Detail): void {
    this.#size += JSON.stringify(piece).length;
    if (this.#size > KEPT_LIMIT) return;
    const last = this.#found.at(-1);
    const continues =
      last !== undefined &&
      last["type"] === piece["type"] &&
      piece["index"] !== undefined &&
      last["index"] === piece["index"];
    if (!continues) {
      this.#found.push({ ...piece });
      return;
    }
    for (const [key, value] of Object.entries(piece)) {
      const grows =
        ["text", "summary", "data"].includes(key) && typeof value === "string" && typeof last[key] === "string";
      if (grows) last[key] = `${String(last[key])}${value}`;
      else if (value !== null) last[key] = value;
    }
  }

  /** Undefined when there is nothing that only the vendor could know: its own words need no proof. */
  signature(): string | undefined {
    const proven = this.#found.some((detail) => detail["signature"] || detail["data"]);
    return proven && this.#size <= KEPT_LIMIT ? PREFIX + JSON.stringify(this.#found) : undefined;
  }
}

/** The details that a signature holds; undefined for other signatures. */
export function detailsIn(signature: string | undefined): readonly Detail[] | undefined {
  if (!signature?.startsWith(PREFIX)) return undefined;
  try {
    const value: unknown = JSON.parse(signature.slice(PREFIX.length));
    return Array.isArray(value) ? value.filter(isRecord) : undefined;
  } catch {
    return undefined;
  }
}
