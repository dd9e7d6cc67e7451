import { text as textOf } from "node:stream/consumers";
import type { CliContext } from "../../../contracts/cli.ts";
import type { Change } from "../_write/change.ts";
import { commit } from "../_write/commit.ts";
import { changes } from "../_write/drafts.ts";
import { dryRun } from "./dry-run.ts";
import { removeFromData, setInData } from "../_write/edit.ts";
import { errors } from "../errors.ts";
import { fingerprints } from "../_write/fingerprint.ts";
import { ConfigSections } from "../index.ts";
import { isDict, type Dict } from "../_load/merge.ts";
import { parseStrict } from "../_load/parse.ts";
import { patchChanges, patchPaths } from "../_write/patch.ts";
import { loadConfig } from "../_load/load.ts";
import { formatPath, valueAt, type Segment } from "../_path.ts";
import { refuseLoss } from "../_write/collections.ts";
import { fileText, segmentsOf, usage } from "./set-inputs.ts";
import { restartFor, tell } from "./told.ts";

export async function run(context: CliContext): Promise<number> {
  const { options, platform, out, use } = context;
  if (options["allowExec"] === true && options["dryRun"] !== true) throw usage("--allow-exec needs --dry-run.");
  const patch = await patchOf(options);
  const replaced = ((options["replacePath"] ?? []) as readonly string[]).map(segmentsOf);
  const writing = { platform, sections: await use(ConfigSections) };
  let made: readonly Change[] = [];
  const draft = changes(writing, ({ tree }) => {
    made = changesOf(patch, tree, replaced);
    const removed = made.filter((change) => "remove" in change);
    refuseLoss(afterAll(tree, removed), afterAll(tree, made), replaced);
    return made;
  });
  if (options["dryRun"] === true)
    return dryRun(context, {
      context: writing,
      draft,
      paths: patchPaths(patch),
      modes: ["json"],
    });
  const before = await loadConfig(writing);
  const { file } = await commit(writing, draft);
  const written = { before, after: file, sections: writing.sections };
  const paths = made.map(({ path }) => path);
  if (options["json"] === true)
    out.json({
      ok: true,
      ...(made.length === 0 ? { noop: true } : {}),
      path: file.path,
      hash: await fingerprints(platform)(file.hash),
      changedPaths: paths.map(formatPath),
      requiresRestart: paths.some(restartFor(written)),
    });
  else if (made.length === 0) out.line("Nothing to change.");
  else tell(out, { verb: "Updated", paths, written });
  return 0;
}

async function patchOf(options: CliContext["options"]): Promise<Dict> {
  const { file } = options;
  if ((file === undefined) === (options["stdin"] !== true)) throw usage("Give the patch with --file or --stdin.");
  const parsed = await parseStrict(file === undefined ? await textOf(process.stdin) : await fileText(String(file)));
  if (!parsed) throw errors.CONFIG_WRITE_REJECTED({ reason: "the patch is not JSON5." });
  if (!isDict(parsed.value)) throw errors.CONFIG_WRITE_REJECTED({ reason: "the patch must be an object." });
  return parsed.value;
}

/** Named places are replaced as a whole; everything else is merged. */
function changesOf(patch: Dict, tree: unknown, replaced: readonly (readonly Segment[])[]): Change[] {
  const whole = replaced.flatMap((path): Change[] => {
    const value = valueAt(patch, path);
    return value === undefined || value === null ? [] : [{ path, value }];
  });
  const rest = whole.reduce<unknown>((left, { path }) => removeFromData(left, path), patch);
  return [...patchChanges(isDict(rest) ? rest : {}, tree), ...whole];
}

function afterAll(tree: unknown, made: readonly Change[]): unknown {
  return made.reduce<unknown>(
    (data, change) =>
      "remove" in change ? removeFromData(data, change.path) : setInData(data, change.path, change.value),
    tree,
  );
}
