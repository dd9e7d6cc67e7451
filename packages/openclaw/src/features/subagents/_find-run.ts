/** Which sub-agent is meant: by its number in the list, its id or the beginning of it, its label, its key, `last`. */
import type { SubagentRun } from "../../store/index.ts";
import { errors } from "./errors.ts";

const SHORTEST_ID = 2;

/** `runs` as they are listed, number 1 first. Throws `SUBAGENT_UNKNOWN`, `SUBAGENT_AMBIGUOUS`. */
export function findRun(runs: readonly SubagentRun[], target: string): SubagentRun {
  const wanted = target.trim().toLowerCase();
  if (wanted === "last" && runs[0]) return runs[0];
  const number = /^#?(\d{1,4})$/.exec(wanted)?.[1];
  const byNumber = number === undefined ? undefined : runs[Number(number) - 1];
  if (byNumber) return byNumber;
  for (const fits of [
    (run: SubagentRun) => run.id === wanted || run.childKey === wanted || shortOf(run) === wanted,
    (run: SubagentRun) => run.label?.toLowerCase() === wanted,
    (run: SubagentRun) => wanted.length >= SHORTEST_ID && run.id.startsWith(wanted),
    (run: SubagentRun) => wanted !== "" && run.label?.toLowerCase().startsWith(wanted) === true,
  ]) {
    const found = runs.filter(fits);
    if (found.length > 1) throw errors.SUBAGENT_AMBIGUOUS({ target, count: found.length });
    if (found[0]) return found[0];
  }
  throw errors.SUBAGENT_UNKNOWN({ target });
}

/** The beginning of its id, as lists show it. */
export function shortOf({ id }: Pick<SubagentRun, "id">): string {
  return id.slice(0, 8);
}
