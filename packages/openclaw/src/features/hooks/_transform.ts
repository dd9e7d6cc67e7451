/**
 * Scripts of mappings. A module is named by a path inside `hooks.transformsDir`; links may not lead out of it, and
 * nobody but its owner may be able to change it. It is read again when it changes.
 */
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { errorText } from "../../base/errors.ts";
import { info } from "../../base/files.ts";
import { realPath } from "../../base/open.ts";
import { isInside, pathFrom } from "../../base/path.ts";
import { withDeadline } from "../../base/time.ts";
import type { Paths, Platform } from "../../contracts/service.ts";
import type { Body } from "./_action.ts";
import { errors } from "./errors.ts";
import type { HookRequest } from "./_template.ts";

/** What a transform gets. */
export interface TransformContext {
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly path: string;
}

const LONGEST_MS = 10_000;

/** Absolute folder of the modules. */
export function transformsDir(configured: string | undefined, paths: Paths): string {
  const standard = join(paths.state, "hooks", "transforms");
  return configured === undefined ? standard : pathFrom(paths.state, configured, paths.home);
}

/** The action that the module returns; null = nothing is to be done. Throws `HOOK_TRANSFORM`. */
export async function transform(
  of: { readonly module: string; readonly export: string; readonly folder: string },
  request: HookRequest,
  { clock }: Pick<Platform, "clock">,
): Promise<Body | null> {
  const failed = (reason: string) => errors.HOOK_TRANSFORM({ module: of.module, reason });
  const url = await moduleUrl(of, failed);
  const query = new URLSearchParams(request.query).toString();
  const context: TransformContext = {
    payload: request.payload,
    headers: request.headers,
    url: new URL(`http://localhost/${request.path}${query === "" ? "" : `?${query}`}`),
    path: request.path,
  };
  let result: unknown;
  try {
    const loaded = (await import(url)) as Record<string, unknown>;
    const made = Object.hasOwn(loaded, of.export) ? loaded[of.export] : undefined;
    if (typeof made !== "function") throw new Error(`it has no function called ${of.export}`);
    const making = Promise.resolve((made as (context: TransformContext) => unknown)(context));
    result = await withDeadline(clock, LONGEST_MS, making, () => new Error(`no answer within ${LONGEST_MS / 1000} s`));
  } catch (error) {
    throw failed(errorText(error).split("\n")[0] ?? "").with({ cause: error });
  }
  if (result === null) return null;
  if (result === undefined) return {};
  if (typeof result !== "object" || Array.isArray(result)) throw failed("it did not return an action");
  return result as Body;
}

async function moduleUrl(
  { module, folder }: { readonly module: string; readonly folder: string },
  failed: (reason: string) => Error,
): Promise<string> {
  if (isAbsolute(module) || module.includes("\0") || module.split(/[\\/]/).includes(".."))
    throw failed("its path must lie inside hooks.transformsDir");
  const [root, path] = await Promise.all([realPath(folder), realPath(join(folder, module))]);
  if (!isInside(root, path)) throw failed("its path must lie inside hooks.transformsDir");
  const found = await info(path);
  if (found === undefined || !found.isFile) throw failed("there is no such file");
  if ((found.mode & 0o022) !== 0) throw failed("others may write it: chmod go-w");
  return `${pathToFileURL(path).href}?at=${found.mtimeMs}`;
}
