import type { CliContext } from "../../../contracts/cli.ts";
import type { Change } from "../_write/change.ts";
import { commit } from "../_write/commit.ts";
import { changes } from "../_write/drafts.ts";
import { dryRun } from "./dry-run.ts";
import { setInData } from "../_write/edit.ts";
import { ConfigSections } from "../index.ts";
import { isDict } from "../_load/merge.ts";
import { loadConfig } from "../_load/load.ts";
import { valueAt } from "../_path.ts";
import { refuseLoss } from "../_write/collections.ts";
import { operationsOf, usage, type Operation } from "./set-inputs.ts";
import { tell } from "./told.ts";

export async function run(context: CliContext): Promise<number> {
  const { args, options, platform, out, use } = context;
  if (options["merge"] === true && options["replace"] === true)
    throw usage("--merge and --replace exclude each other.");
  if (options["allowExec"] === true && options["dryRun"] !== true) throw usage("--allow-exec needs --dry-run.");
  const operations = await operationsOf(args, options);
  const writing = { platform, sections: await use(ConfigSections) };
  const draft = changes(writing, ({ tree }) => {
    const wanted = operations.map((operation) => toChange(operation, tree, options["merge"] === true));
    if (options["replace"] !== true) refuseLoss(tree, afterAll(tree, wanted));
    return wanted;
  });
  if (options["dryRun"] === true)
    return dryRun(context, {
      context: writing,
      draft,
      paths: operations.map(({ path }) => path),
      modes: operations.map(({ mode }) => mode),
    });
  const before = await loadConfig(writing);
  const { file } = await commit(writing, draft);
  tell(out, {
    verb: "Updated",
    paths: operations.map(({ path }) => path),
    written: { before, after: file, sections: writing.sections },
  });
  return 0;
}

function toChange({ path, value }: Operation, tree: unknown, merge: boolean): Change & { readonly value: unknown } {
  return { path, value: merge ? merged(valueAt(tree, path), value) : value };
}

function afterAll(tree: unknown, wanted: readonly (Change & { readonly value: unknown })[]): unknown {
  return wanted.reduce<unknown>((data, { path, value }) => setInData(data, path, value), tree);
}

/** Objects are merged key by key; lists of entries with an id get the new ones and replace those with the same. */
function merged(stored: unknown, given: unknown): unknown {
  if (Array.isArray(stored) && Array.isArray(given)) return mergedLists(stored, given);
  if (!isDict(stored) || !isDict(given)) return given;
  const both = Object.entries(given).map(
    ([key, value]) => [key, merged(Object.hasOwn(stored, key) ? stored[key] : undefined, value)] as const,
  );
  return { ...stored, ...Object.fromEntries(both) };
}

function mergedLists(stored: readonly unknown[], given: readonly unknown[]): unknown {
  const idOf = (item: unknown) => (isDict(item) ? item["id"] : undefined);
  if (![...stored, ...given].every((item) => idOf(item) !== undefined)) return given;
  const kept = stored.map((item) => given.findLast((other) => idOf(other) === idOf(item)) ?? item);
  return [...kept, ...given.filter((item) => !stored.some((other) => idOf(other) === idOf(item)))];
}
