/** Which file a call means. */
import type { Preview, ToolContext } from "../../contracts/tool.ts";
import { realPath } from "../../base/open.ts";
import { pathFrom } from "../../base/path.ts";
import { errors } from "./errors.ts";

/** Absolute path of what a call names: `~` is the home folder, anything relative starts in the workspace. */
export function locate(path: string, { workspace, platform }: ToolContext): string {
  if (path.includes("\0")) throw errors.PATH_INVALID({ reason: "contains a zero byte" });
  if (path.trim() === "") throw errors.PATH_INVALID({ reason: "is empty" });
  return pathFrom(workspace, path, platform.paths.home);
}

/** The folder that a run's file tools may not leave; undefined when they may. */
export function rootOf({ confined, workspace }: ToolContext): string | undefined {
  return confined ? workspace : undefined;
}

/** The file as it would really be reached, links resolved, and what would be done to it. */
export async function previewOf(
  path: string,
  context: ToolContext,
  exact: Readonly<Record<string, unknown>>,
): Promise<Preview> {
  const named = locate(path, context);
  const real = await realPath(named);
  return { target: real, exact: { path: real, ...(real === named ? {} : { named }), ...exact } };
}
