/** The tool `read`. */
import type { Static } from "../../contracts/schema.ts";
import { readRootOf, text, type ToolBody, type ToolContext, type ToolResult } from "../../contracts/tool.ts";
import { openWithin, type OpenFile } from "../../base/open.ts";
import { imageType, isBinary } from "../../base/file-kind.ts";
import { LineWindow } from "./_lines.ts";
import { locate, previewOf } from "./_paths.ts";
import { errors } from "./errors.ts";
import type { readParams } from "./tools.ts";

type Params = Static<typeof readParams>;

const MAX_LINES = 2000;
const MAX_BYTES = 50 * 1024;
const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
/** How far into a file a line is looked for. */
const MAX_SCAN_BYTES = 512 * 1024 * 1024;
const PIECE = 64 * 1024;

export const read: ToolBody<Params> = {
  preview: ({ path, offset, limit }, context) =>
    previewOf(path, context, {
      ...(offset === undefined ? {} : { offset }),
      ...(limit === undefined ? {} : { limit }),
    }),

  async run(params, context) {
    const path = locate(params.path, context);
    const file = await openWithin({ root: readRootOf(path, context), path });
    try {
      const start = await file.read(0, PIECE);
      const mimeType = imageType(start);
      if (mimeType !== undefined) return await image(file, mimeType, params.path, context);
      if (isBinary(start.subarray(0, 8192))) throw errors.READ_BINARY({ path: params.path, bytes: file.size });
      return await lines(file, start, params, context);
    } finally {
      await file.close();
    }
  },
};

async function image(file: OpenFile, mimeType: string, path: string, { seesImages }: ToolContext): Promise<ToolResult> {
  const details = { path: file.path, mimeType, bytes: file.size };
  if (!seesImages) return text(`[${mimeType}, ${file.size} bytes; the model in use does not take pictures]`, details);
  if (file.size > MAX_IMAGE_BYTES) throw errors.IMAGE_TOO_LARGE({ path, bytes: file.size, maxBytes: MAX_IMAGE_BYTES });
  const data = await file.read(0, file.size);
  const parts = [
    { type: "text" as const, text: `[${mimeType}, ${file.size} bytes]` },
    { type: "image" as const, data: data.toString("base64"), mimeType },
  ];
  return { content: parts, details };
}

async function lines(
  file: OpenFile,
  start: Buffer,
  { path, offset = 1, limit }: Params,
  { signal }: ToolContext,
): Promise<ToolResult> {
  const window = new LineWindow({ offset, lines: Math.min(limit ?? MAX_LINES, MAX_LINES), bytes: MAX_BYTES });
  window.feed(withoutMark(start));
  for (let at = start.length; !window.full;) {
    signal.throwIfAborted();
    if (at > MAX_SCAN_BYTES) throw errors.READ_TOO_FAR({ path, bytes: MAX_SCAN_BYTES });
    const piece = await file.read(at, PIECE);
    if (piece.length === 0) break;
    window.feed(piece);
    at += piece.length;
  }
  const { lines: taken, cutLine, more, lastLine } = window.end();
  if (taken.length === 0 && offset > Math.max(lastLine, 1)) throw errors.READ_PAST_END({ path, lines: lastLine });
  const last = offset + taken.length - 1;
  const body = taken.length === 0 ? "(empty file)" : taken.join("\n");
  return text(`${body}${hint({ offset, last, cutLine, more })}`, {
    path: file.path,
    offset,
    lines: taken.length,
    more,
    bytes: file.size,
  });
}

function hint({
  offset,
  last,
  cutLine,
  more,
}: {
  offset: number;
  last: number;
  cutLine: boolean;
  more: boolean;
}): string {
  if (cutLine)
    return `\n\n[Line ${offset} is longer than ${MAX_BYTES} bytes and was cut; use exec with cut -c for its rest. Next: offset=${offset + 1}]`;
  return more ? `\n\n[Lines ${offset}–${last}; there are more: offset=${last + 1}]` : "";
}

/** Without a UTF-8 byte order mark. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
