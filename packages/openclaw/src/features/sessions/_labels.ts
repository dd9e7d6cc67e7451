/**
 * Where the content of a conversation came from, beside its owner. The labels stand in the session's row, so that
 * they outlast compactions and restarts; a conversation that begins anew has none.
 */
import type { Principal, Role } from "../../contracts/principal.ts";
import type { SessionEntry, TurnRow } from "../../store/index.ts";

/** `from:session`: another session wrote it · `from:unknown`: one that is not there any more. */
export type ContentLabel = `from:${Exclude<Role, "owner"> | "hook" | "session" | "unknown"}`;

/** Ancestors that are followed. */
const MOST_ANCESTORS = 32;

/** Of content that this principal caused: what is known of it and of everybody behind it. */
function labelsOfPrincipal(principal: Principal): readonly ContentLabel[] {
  const labels: ContentLabel[] = [];
  let at: Principal | undefined = principal;
  for (let depth = 0; at && depth <= MOST_ANCESTORS; depth += 1, at = at.parent) {
    if (at.role !== "owner") labels.push(`from:${at.role}`);
    if (at.kind === "hook") labels.push("from:hook");
  }
  return at === undefined ? labels : [...labels, "from:unknown"];
}

/** Of a turn: its author, whoever caused the lines that it tells, and the session that wrote it with all its labels. */
export function labelsOfTurn(
  { principal, options }: Pick<TurnRow, "principal" | "options">,
  tells: readonly Principal[],
  /** Row of the session that wrote it, where it is one and is there. */
  author: SessionEntry | undefined,
): readonly string[] {
  const own = [principal, ...tells].flatMap(labelsOfPrincipal);
  if (options.from === undefined) return unique(own);
  return unique([...own, "from:session", ...(author === undefined ? ["from:unknown"] : contentLabels(author))]);
}

/** Those of a conversation, sorted. */
export function contentLabels(entry: SessionEntry): readonly string[] {
  const stored = entry["contentLabels"];
  return Array.isArray(stored) ? unique(stored.filter((label) => typeof label === "string")) : [];
}

/** What is added by `labels`; undefined when the conversation has them all. */
export function withLabels(entry: SessionEntry, labels: readonly string[]): readonly string[] | undefined {
  const known = contentLabels(entry);
  return labels.every((label) => known.includes(label)) ? undefined : unique([...known, ...labels]);
}

function unique(labels: readonly string[]): readonly string[] {
  return [...new Set(labels)].sort();
}
