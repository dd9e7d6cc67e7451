/** What people are told when no model answered, taken apart where each model said something of its own. */

export interface Attempted {
  /** `All models failed (2)`. */
  readonly lead: string;
  /** What each said, with the reference of the model in front. */
  readonly models: readonly { readonly ref: string; readonly said: string }[];
  /** What to do. */
  readonly remedy: string;
}

const ALL = /^(?:⚠️\s*)?(All models failed \(\d+\)): (.+\))\.(?:\s+([^|]*))?$/s;

/** Undefined for a failure of one model. */
export function attemptsIn(text: string): Attempted | undefined {
  const [, lead, list, remedy = ""] = ALL.exec(text.trim()) ?? [];
  if (lead === undefined || list === undefined) return undefined;
  const models = list.split(" | ").map((one) => {
    const end = one.indexOf(": ");
    return end < 0 ? { ref: "", said: one } : { ref: one.slice(0, end), said: one.slice(end + 2) };
  });
  return { lead, models, remedy: remedy.trim() };
}
