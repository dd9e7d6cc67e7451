/** What a command says about what it wrote: a line for each place, and what a gateway has to do for it. */
import type { ConfigSection } from "../../../contracts/config.ts";
import type { CliOut } from "../../../contracts/cli.ts";
import { changedPaths } from "../_follow/changed.ts";
import { reloadKind } from "../_follow/plan.ts";
import type { ConfigFile } from "../index.ts";
import { formatPath, parsePath, type Segment } from "../_path.ts";

interface Written {
  readonly before: ConfigFile;
  readonly after: ConfigFile;
  readonly sections: readonly ConfigSection[];
}

/** Whether a gateway that runs with `before` must restart for what changed at or around a path. */
export function restartFor({ before, after, sections }: Written): (path: readonly Segment[]) => boolean {
  const changed = changedPaths(before.snapshot?.root, after.snapshot?.root).map((path) => parsePath(path) ?? []);
  const watches = before.snapshot?.at("gateway.reload.mode") !== "off";
  return (path) =>
    changed
      .filter((each) => begins(each, path) || begins(path, each))
      .map((each) => reloadKind(sections, each))
      .some((kind) => kind === "restart" || (kind === "hot" && !watches));
}

/** Prints `<verb> <path>.` for each, with the restart that it needs. */
export function tell(
  out: Pick<CliOut, "line" | "note">,
  {
    verb,
    paths,
    written,
  }: { readonly verb: string; readonly paths: readonly (readonly Segment[])[]; readonly written: Written },
): void {
  const restart = restartFor(written);
  for (const path of paths)
    out.line(`${verb} ${formatPath(path)}.${restart(path) ? " Restart the gateway to apply." : ""}`);
  const mode = written.before.snapshot?.at("gateway.reload.mode");
  if (paths.some(restart) && mode !== "off" && mode !== "hot")
    out.note("A gateway that is running restarts by itself.");
}

function begins(path: readonly Segment[], prefix: readonly Segment[]): boolean {
  return prefix.length <= path.length && prefix.every((segment, at) => String(segment) === String(path[at]));
}
