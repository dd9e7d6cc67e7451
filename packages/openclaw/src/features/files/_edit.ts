/** The tool `edit`. */
import type { Static } from "../../contracts/schema.ts";
import { text, type ToolBody } from "../../contracts/tool.ts";
import { Fault } from "../../base/errors.ts";
import { readWithin, writeWithin } from "../../base/open.ts";
import { sha256 } from "../../base/ids.ts";
import { diffOf, editText } from "./_edit-text.ts";
import { locate, previewOf, rootOf } from "./_paths.ts";
import { errors } from "./errors.ts";
import type { editParams } from "./tools.ts";

type Params = Static<typeof editParams>;

const MAX_BYTES = 10 * 1024 * 1024;

export const edit: ToolBody<Params> = {
  preview({ path, oldText, newText }, context) {
    if (oldText === "") throw errors.EDIT_EMPTY();
    return previewOf(path, context, {
      replaces: sha256(oldText),
      with: sha256(newText),
      bytes: Buffer.byteLength(newText),
    });
  },

  async run({ path, oldText, newText }, context) {
    if (oldText === newText) throw errors.EDIT_SAME({ path });
    const place = { root: rootOf(context), path: locate(path, context) };
    const before = decode(await load(place, path), path);
    const result = editText(before, oldText, newText);
    if (result.kind === "none") throw errors.EDIT_NO_MATCH({ path, near: result.near });
    if (result.kind === "many") throw errors.EDIT_MANY_MATCHES({ path, count: result.count, lines: result.lines });
    context.signal.throwIfAborted();
    const written = await writeWithin({ ...place, data: result.text });
    return text(`Changed ${path} at line ${result.line}.`, {
      path: written.path,
      firstChangedLine: result.line,
      diff: diffOf(before, result.text),
    });
  },
};

async function load(place: { root: string | undefined; path: string }, path: string): Promise<Buffer> {
  try {
    return await readWithin({ ...place, maxBytes: MAX_BYTES });
  } catch (error) {
    if (error instanceof Fault && error.code === "FILE_TOO_LARGE")
      throw errors.EDIT_TOO_LARGE({ path, maxBytes: MAX_BYTES });
    throw error;
  }
}

/** The text with its byte order mark; throws for bytes that would not survive being written back. */
function decode(bytes: Buffer, path: string): string {
  try {
    const decoded = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!decoded.includes("\0")) return decoded;
  } catch {
    // Reported below, like text with zero bytes.
  }
  throw errors.EDIT_NOT_TEXT({ path });
}
