/** Tools that read and write files. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";

const path = Type.String({ minLength: 1, maxLength: 4096, description: "Absolute, `~/…`, or from the workspace" });

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
];
