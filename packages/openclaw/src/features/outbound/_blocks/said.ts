/** How far an answer was said already, by what its blocks noted when they were posted. */
import { sha256 } from "../../../base/ids.ts";
import { fencesOf } from "../../../channel-kit/index.ts";
import type { PostPart } from "../../../store/index.ts";

/** Characters of a text that are no white space, as one. */
export function essence(text: string): string {
  return text.replace(/\s+/g, "");
}

export function digestOf(solid: string, to: number): string {
  return sha256(solid.slice(0, to)).slice(0, 16);
}

/** The longest beginning of `text` that was said, in characters other than white space; 0 = nothing of it. */
export function saidOf(text: string, parts: readonly PostPart[]): number {
  const solid = essence(text);
  return parts.reduce(
    (most, { to, digest }) => (to > most && to <= solid.length && digestOf(solid, to) === digest ? to : most),
    0,
  );
}

/** What follows the first `solid` characters that are no white space; a fence that is open there is opened again. */
export function restAfter(text: string, solid: number): string {
  if (solid === 0) return text;
  let at = 0;
  for (let seen = 0; at < text.length && seen < solid; at += 1) if (!/\s/.test(text[at] ?? "")) seen += 1;
  const fence = fencesOf(text).find(({ body, close }) => body <= at && at < close);
  const rest = text.slice(at);
  if (rest.trim() === "") return "";
  if (!fence) return rest.replace(/^\s*\n/, "").replace(/^ +(?=\S)/, "");
  return `${fence.opening}\n${rest.replace(/^\r?\n/, "")}`;
}
