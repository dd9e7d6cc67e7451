/**
 * One line when another model than the chosen one answers, and one when the chosen one is back: to the owner, outside
 * groups, once for every change. What was told last stands in the session's row and changes in one step with the end
 * of the run that says it.
 */
import { isRecord } from "../../../base/record.ts";
import { reasonText } from "../../../models/index.ts";
import { mayDeliver } from "../_reply/speaker.ts";
import type { FinishedRun } from "./result.ts";

/** Field of a session's entry. */
export const FALLBACK = "fallbackNotice";

export interface Fallback {
  /** `provider/model` of the chosen one, and of the one that answered. */
  readonly selected: string;
  readonly active: string;
  /** In a word or two. */
  readonly reason: string;
}

export interface Told {
  readonly line?: string;
  /** What to keep in the row; null = nothing any more. */
  readonly kept: Fallback | null;
}

/** Undefined where nothing changed, or nobody is there to be told. */
export function fallbackTold(run: FinishedRun): Told | undefined {
  if (!hasAudience(run) || run.ending.kind !== "done" || !run.setup) return undefined;
  const before = keptIn(run.setup.session.entry[FALLBACK]);
  const now = fallbackOf(run.setup);
  if (now === undefined) {
    if (before === undefined) return undefined;
    const isBack = before.selected === run.setup.chain.selected;
    return {
      kept: null,
      ...(isBack && { line: `↪️ Model Fallback cleared: ${before.selected} (was ${before.active})` }),
    };
  }
  if (before?.selected === now.selected && before.active === now.active) return undefined;
  return { kept: now, line: `↪️ Model Fallback: ${now.active} (selected ${now.selected}; ${now.reason})` };
}

/** Which other model answers this run; undefined while it is the chosen one. */
export function fallbackOf({ chain }: Pick<NonNullable<FinishedRun["setup"]>, "chain">): Fallback | undefined {
  const { current, reason, selected } = chain;
  if (!current || !reason || selected === undefined) return undefined;
  return { selected, active: `${current.provider}/${current.model.id}`, reason: reasonText(reason) };
}

function hasAudience({ turn, place }: FinishedRun): boolean {
  const { replyTo, options, principal } = turn;
  if (!replyTo || !place || options.deliver === false || options.silent === true) return false;
  return principal.role === "owner" && replyTo.address.kind === "direct" && mayDeliver(place, turn);
}

function keptIn(value: unknown): Fallback | undefined {
  if (!isRecord(value)) return undefined;
  const { selected, active, reason } = value;
  return typeof selected === "string" && typeof active === "string" && typeof reason === "string"
    ? { selected, active, reason }
    : undefined;
}
