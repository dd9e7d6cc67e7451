import { fencesOf, type Fence } from "./_fences.ts";

/** Kinds of places where a text may be cut, best first; the cut falls behind the match. */
const BREAKS: readonly RegExp[] = [/\n[^\S\n]*\n/g, /\n/g, /[.!?…]["')\]]*\s/g, /\s/g];

/** The last good place to cut before `window`, outside fences; undefined when there is none. */
export function breakBefore(text: string, window: number, fences: readonly Fence[]): number | undefined {
  const inFence = (at: number) => fences.some(({ start, end }) => start < at && at < end);
  const head = text.slice(0, window + 1);
  for (const kind of BREAKS) {
    let best: number | undefined;
    for (const match of head.matchAll(kind)) {
      const at = Math.min(match.index + match[0].length, window);
      if (at > 0 && !inFence(at) && text.slice(0, at).trim() !== "") best = at;
    }
    if (best !== undefined) return best;
  }
  return undefined;
}

/** The paragraphs of a text; blank lines inside fences do not separate. */
export function paragraphs(text: string): string[] {
  const fences = fencesOf(text);
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/\n(?:[^\S\n]*\n)+/g)) {
    const at = match.index;
    if (fences.some(({ start, end }) => start < at && at < end)) continue;
    parts.push(text.slice(from, at));
    from = at + match[0].length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part.trim() !== "");
}
