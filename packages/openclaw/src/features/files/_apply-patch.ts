/** The tool `apply_patch`: nothing is written unless every change fits. */
import type { Static } from "../../contracts/schema.ts";
import { text, type ToolBody, type ToolContext } from "../../contracts/tool.ts";
import { Fault } from "../../base/errors.ts";
import { sha256 } from "../../base/ids.ts";
import { readWithin, realPath, removeWithin, writeWithin } from "../../base/open.ts";
import { Config } from "../config/index.ts";
import { applyPatchConfig } from "../policy/index.ts";
import { applyHunks } from "./_patch-apply.ts";
import { parsePatch } from "./_patch.ts";
import type { FilePatch } from "./_patch.ts";
import { locate } from "./_paths.ts";
import { errors } from "./errors.ts";
import type { applyPatchParams } from "./tools.ts";

type Params = Static<typeof applyPatchParams>;

const MAX_BYTES = 10 * 1024 * 1024;

interface Change {
  readonly mark: "A" | "M" | "D";
  readonly named: string;
  readonly path: string;
  /** The new content; undefined removes the file. */
  readonly content: string | undefined;
}

export const applyPatch: ToolBody<Params> = {
  async preview({ input }, context) {
    const paths = await Promise.all(pathsOf(parsed(input)).map((path) => realPath(locate(path, context))));
    return { target: paths.join(", "), exact: { paths, path: paths[0], sha256: sha256(input) } };
  },

  async run({ input }, context) {
    const root = await rootOf(context);
    const changes: Change[] = [];
    for (const file of parsed(input)) changes.push(...(await changesOf(file, { root, context, changes })));
    context.signal.throwIfAborted();
    for (const { path, content } of changes)
      if (content === undefined) await removeWithin({ root, path });
      else await writeWithin({ root, path, data: content });
    const lines = changes.map(({ mark, named }) => `${mark} ${named}`);
    return text(`Applied the patch:\n${lines.join("\n")}`, {
      files: changes.map(({ mark, named, path }) => ({ change: mark, named, path })),
    });
  },
};

/** Confined to the workspace unless `tools.exec.applyPatch.workspaceOnly` is off and the agent's files are not confined. */
async function rootOf(context: ToolContext): Promise<string | undefined> {
  const config = (await context.use(Config)).current();
  const { workspaceOnly } = applyPatchConfig(config, context.agentId);
  return workspaceOnly || context.confined ? context.workspace : undefined;
}

function parsed(input: string): readonly FilePatch[] {
  const result = parsePatch(input);
  if ("problem" in result) throw errors.PATCH_MALFORMED(result);
  return result.files;
}

function pathsOf(files: readonly FilePatch[]): string[] {
  return files.flatMap((file) =>
    file.kind === "update" && file.moveTo !== undefined ? [file.path, file.moveTo] : [file.path],
  );
}

async function changesOf(
  file: FilePatch,
  { root, context, changes }: { root: string | undefined; context: ToolContext; changes: readonly Change[] },
): Promise<Change[]> {
  const path = locate(file.path, context);
  const known = changes.findLast((change) => change.path === path);
  const load = async (): Promise<string | undefined> => (known ? known.content : read(root, path));
  if (file.kind === "add") {
    if ((await load()) !== undefined) throw errors.PATCH_EXISTS({ path: file.path });
    return [{ mark: "A", named: file.path, path, content: file.text }];
  }
  const before = await load();
  if (before === undefined) throw errors.PATCH_NO_FILE({ path: file.path });
  if (file.kind === "delete") return [{ mark: "D", named: file.path, path, content: undefined }];
  const applied = applyHunks(before, file.hunks);
  if ("missing" in applied) throw errors.PATCH_NO_MATCH({ path: file.path, hunk: applied.missing, line: applied.line });
  if (file.moveTo === undefined) return [{ mark: "M", named: file.path, path, content: applied.text }];
  const target = locate(file.moveTo, context);
  if (target !== path && (await read(root, target)) !== undefined) throw errors.PATCH_EXISTS({ path: file.moveTo });
  return [
    { mark: "A", named: file.moveTo, path: target, content: applied.text },
    ...(target === path ? [] : [{ mark: "D" as const, named: file.path, path, content: undefined }]),
  ];
}

/** Undefined when there is no such file. */
async function read(root: string | undefined, path: string): Promise<string | undefined> {
  try {
    const bytes = await readWithin({ root, path, maxBytes: MAX_BYTES });
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof Fault && error.code === "PATH_MISSING") return undefined;
    if (error instanceof TypeError) throw errors.EDIT_NOT_TEXT({ path });
    throw error;
  }
}
