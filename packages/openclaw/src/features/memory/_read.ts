/** Lines of a note for `memory_get`. */
import { Fault } from "../../base/errors.ts";
import { openWithin, realPath } from "../../base/open.ts";
import { isInside, pathFrom } from "../../base/path.ts";
import { cut } from "../../base/text.ts";
import { MAX_NOTE_BYTES, isCurated, isNote, shownPath } from "./_index/notes.ts";
import type { MemorySettings } from "./_settings.ts";
import { errors } from "./errors.ts";
import type { MemoryRead } from "./index.ts";

export interface ReadRequest {
  readonly path: string;
  readonly from?: number;
  readonly lines?: number;
  readonly inPrivate: boolean;
}

export interface ReadLimits {
  readonly lines: number;
  readonly chars: number;
}

/** `memory/a.md#L12-L20`, as results are cited. */
const CITED = /#L?(\d{1,9})(?:-L?\d{1,9})?$/i;

/** Throws `MEMORY_PATH` or `MEMORY_PRIVATE`; a note that is not there is empty. */
export async function readNotePart(
  request: ReadRequest,
  { workspace, extra }: MemorySettings,
  home: string,
  limits: ReadLimits,
): Promise<MemoryRead> {
  const cited = CITED.exec(request.path);
  const named = request.path.replace(CITED, "").trim();
  const file = pathFrom(workspace, named, home);
  const path = shownPath(file, workspace);
  if (named === "" || named.includes("\0") || !isNote(file, { workspace, extra }))
    throw errors.MEMORY_PATH({ path: named });
  if (isCurated(path) && !request.inPrivate) throw errors.MEMORY_PRIVATE({ path });
  const real = await realPath(file);
  const [realWorkspace, ...realExtra] = await Promise.all([workspace, ...extra].map(realPath));
  if (!isNote(real, { workspace: realWorkspace as string, extra: realExtra }))
    throw errors.MEMORY_PATH({ path: named });
  const root = extra.find((one) => isInside(one, file)) ?? workspace;
  const from = request.from ?? (cited ? Number(cited[1]) : 1);
  const text = await textOf(file, root);
  return { path, ...part(text, Math.max(1, from), request.lines ?? limits.lines, limits.chars) };
}

async function textOf(file: string, root: string): Promise<string> {
  try {
    const opened = await openWithin({ root, path: file });
    try {
      return (await opened.read(0, MAX_NOTE_BYTES)).toString("utf8").replace(/^\uFEFF/, "");
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof Fault && error.code === "PATH_MISSING") return "";
    throw error;
  }
}

function part(text: string, from: number, count: number, chars: number): Omit<MemoryRead, "path"> {
  const all = text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r\n|\n|\r/);
  const wanted = all.slice(from - 1, from - 1 + count);
  let lines = wanted.length;
  while (lines > 1 && wanted.slice(0, lines).join("\n").length > chars) lines -= 1;
  const given = cut(wanted.slice(0, lines).join("\n"), chars);
  const truncated = from - 1 + lines < all.length || given.length < wanted.slice(0, lines).join("\n").length;
  return { text: given, from, lines, ...(truncated ? { truncated: true as const } : {}) };
}
