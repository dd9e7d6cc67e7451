/** The tool `write`. */
import type { Static } from "../../contracts/schema.ts";
import { text, type ToolBody } from "../../contracts/tool.ts";
import { writeWithin } from "../../base/open.ts";
import { sha256 } from "../../base/ids.ts";
import { locate, previewOf, rootOf } from "./_paths.ts";
import type { writeParams } from "./tools.ts";

type Params = Static<typeof writeParams>;

export const write: ToolBody<Params> = {
  preview: ({ path, content }, context) =>
    previewOf(path, context, { bytes: Buffer.byteLength(content), sha256: sha256(content) }),

  async run({ path, content }, context) {
    context.signal.throwIfAborted();
    const written = await writeWithin({ root: rootOf(context), path: locate(path, context), data: content });
    const bytes = Buffer.byteLength(content);
    const said = written.created ? "Wrote the new file" : "Replaced";
    return text(`${said} ${path} (${bytes} bytes).`, { path: written.path, bytes, created: written.created });
  },
};
