/** Files that hold the secrets and the inner state of this installation. */
import { basename, dirname, relative, sep } from "node:path";
import { isInside } from "../../base/path.ts";
import type { Surroundings } from "./index.ts";

/** Below the state directory: never anybody's business, even where a workspace lies around them. */
const SECRET_NAMES =
  /^(?:credentials|identity|devices|nodes|\.env|node\.json|secrets\.json|exec-approvals\.[^/]+)(?:\/|$)/;
const SECRET_PLACES = /^agents\/[^/]+\/agent(?:\/|$)|^[^/]+\.(?:sqlite|db)(?:-\w+)?$|^openclaw\.json/;

/** Below the state directory: places that agents work in. */
const OPEN_PLACES = /^(?:workspace(?:-[^/]+)?|sandboxes|skills|media)(?:\/|$)/;

/** Windows of the kernel into processes, environment included. */
const PROCESS_PLACES = /^\/proc\/(?:self|thread-self|\d+)(?:\/|$)/;

type Places = Pick<Surroundings, "state" | "configFile" | "workspace">;

/**
 * Whether a path (absolute, links resolved) is out of bounds for file tools: secrets always, the rest of
 * the state directory except where agents work. Letter case is ignored, as some file systems do.
 */
export function isProtected(path: string, places: Places): boolean {
  if (PROCESS_PLACES.test(path) || isConfigFile(path, places.configFile)) return true;
  const inState = below(places.state, path);
  if (inState === undefined) return false;
  if (SECRET_NAMES.test(inState) || SECRET_PLACES.test(inState)) return true;
  if (OPEN_PLACES.test(inState)) return false;
  const workspaceInState = below(places.state, places.workspace);
  return workspaceInState === undefined || workspaceInState === "" || !isInside(places.workspace, path);
}

/** The configuration and its safety copies beside it. */
function isConfigFile(path: string, configFile: string): boolean {
  return same(dirname(path), dirname(configFile)) && fold(basename(path)).startsWith(fold(basename(configFile)));
}

/** The way from `root` to `path` with `/`, in lower case; undefined when `path` is not below. */
function below(root: string, path: string): string | undefined {
  if (!isInside(fold(root), fold(path))) return undefined;
  return relative(fold(root), fold(path)).split(sep).join("/");
}

function same(a: string, b: string): boolean {
  return fold(a) === fold(b);
}

function fold(path: string): string {
  return path.toLowerCase();
}
