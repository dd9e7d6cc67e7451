/** A row of a vendor's catalog, short enough for one line. */
import type { Compat, ModelRow } from "../../contracts/model.ts";

interface Facts {
  /** Tokens the model can hold, and tokens of its longest answer. */
  readonly size: readonly [window: number, answer: number];
  /** Dollars per million tokens: input, output, read from a cache, written to one. Absent = unknown, or paid otherwise. */
  readonly usd?: readonly [input: number, output: number, cacheRead?: number, cacheWrite?: number];
  /** `see`: it takes pictures. */
  readonly can?: "think" | "see" | "think see";
  /** Words for how hard it thinks, where they are not the usual ones. */
  readonly efforts?: string;
  readonly wireId?: string;
  readonly compat?: Compat;
  readonly api?: string;
  readonly baseUrl?: string;
}

export function model(id: string, name: string, facts: Facts): ModelRow {
  const { size, usd, can = "", efforts, compat, ...rest } = facts;
  const supported = efforts === undefined ? {} : { supportedReasoningEfforts: efforts.split(" ") };
  return {
    id,
    name,
    reasoning: can.includes("think"),
    input: can.includes("see") ? ["text", "image"] : ["text"],
    ...(usd && { cost: { input: usd[0], output: usd[1], cacheRead: usd[2] ?? 0, cacheWrite: usd[3] ?? 0 } }),
    contextWindow: size[0],
    maxTokens: size[1],
    ...((compat ?? efforts) !== undefined && { compat: { ...supported, ...compat } }),
    ...rest,
  };
}
