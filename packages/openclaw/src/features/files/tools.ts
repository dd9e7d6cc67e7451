/** Tools that read and write files. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { Config } from "../config/index.ts";
import { applyPatchConfig } from "../policy/index.ts";

const path = Type.String({ minLength: 1, maxLength: 4096, description: "Absolute, `~/...`, or from the workspace" });

export const readParams = closed({
  path,
  offset: Type.Optional(Type.Integer({ minimum: 1, description: "First line, from 1" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, description: "Number of lines" })),
});

export const writeParams = closed({
  path,
  content: Type.String({ maxLength: 10_000_000, description: "The whole file" }),
});

export const editParams = closed({
  path,
  oldText: Type.String({ maxLength: 1_000_000, description: "Text that occurs exactly once" }),
  newText: Type.String({ maxLength: 1_000_000, description: "What to put in its place" }),
});

export const applyPatchParams = closed({
  input: Type.String({ minLength: 1, maxLength: 2_000_000, description: "The whole patch" }),
});

export const tools = [
  defineTool({
    name: "read",
    group: "fs",
    label: "Read a file",
    summary: "Read files",
    description:
      "Reads a text file, at most 2,000 lines or 50 KB at once; for longer ones go on with offset and limit. Pictures (jpg, png, gif, webp) are shown when the model takes them.",
    effect: "read",
    params: readParams,
    paramAliases: { file_path: "path" },
    maxResultChars: 52_000,
    load: async () => (await import("./_read.ts")).read,
  }),
  defineTool({
    name: "write",
    group: "fs",
    label: "Write a file",
    summary: "Create or overwrite files",
    description:
      "Writes a whole file, making missing folders. What was there is replaced. To change part of a file use edit.",
    effect: "write",
    params: writeParams,
    paramAliases: { file_path: "path" },
    serial: true,
    load: async () => (await import("./_write.ts")).write,
  }),
  defineTool({
    name: "edit",
    group: "fs",
    label: "Edit a file",
    summary: "Make exact edits to files",
    description:
      "Replaces one piece of text in a file. oldText must occur exactly once, spaces and line breaks included; otherwise nothing changes and the error says how often it occurs.",
    effect: "write",
    params: editParams,
    paramAliases: { file_path: "path", old_string: "oldText", new_string: "newText" },
    serial: true,
    load: async () => (await import("./_edit.ts")).edit,
  }),
  defineTool({
    name: "apply_patch",
    aliases: ["apply-patch"],
    group: "fs",
    label: "Apply a patch",
    summary: "Change several files with one patch",
    description:
      "Applies a patch: `*** Begin Patch`, then for each file `*** Add File: p` with lines that begin with +, `*** Update File: p` (optionally `*** Move to: p2`) with `@@` and lines that begin with a space, - or +, or `*** Delete File: p`, then `*** End Patch`. Nothing is written unless every change fits.",
    effect: "write",
    params: applyPatchParams,
    uses: [Config],
    serial: true,
    isFor: hasApplyPatch,
    load: async () => (await import("./_apply-patch.ts")).applyPatch,
  }),
];

/** Models that were taught the format: those of OpenAI, as far as `allowModels` lets them. */
function hasApplyPatch(config: ConfigSnapshot, agentId: string, model: { provider: string; id: string }): boolean {
  const { enabled, allowModels } = applyPatchConfig(config, agentId);
  if (!enabled || !/^openai(-codex)?$/.test(model.provider)) return false;
  if (allowModels === undefined || allowModels.length === 0) return true;
  const names = [model.id, `${model.provider}/${model.id}`].map((name) => name.toLowerCase());
  return allowModels.some((name) => names.includes(name.trim().toLowerCase()));
}
