/**
 * A copy where the agent's file tools reach it: `<workspace>/media/inbound/<name>`. The name is that of its sender, made
 * safe; where another file has it already, a part of the id makes the difference.
 */
import { join } from "node:path";
import { exists } from "../../base/files.ts";
import { safeFileName } from "../../base/file-type.ts";
import { readWithin, writeWithin } from "../../base/open.ts";
import type { MediaFiles, StoredMedia } from "./_store.ts";

/** Relative to the workspace, with slashes. */
export async function stage(files: MediaFiles, media: StoredMedia, workspace: string): Promise<string> {
  const data = await files.read(media.id, media.bytes);
  const name = safeFileName(media.fileName ?? `${media.kind}-${media.id.slice(0, 8)}`, media.mimeType);
  const dot = name.lastIndexOf(".");
  const other = `${name.slice(0, dot).slice(0, 100)}-${media.id.slice(0, 8)}${name.slice(dot)}`;
  for (const candidate of [name, other]) {
    const relative = `media/inbound/${candidate}`;
    const path = join(workspace, relative);
    if (!(await exists(path))) {
      await writeWithin({ root: workspace, path, data });
      return relative;
    }
    const there = await readWithin({ root: workspace, path, maxBytes: media.bytes }).catch(() => undefined);
    if (there?.equals(data)) return relative;
  }
  const relative = `media/inbound/${media.id}${name.slice(dot)}`;
  await writeWithin({ root: workspace, path: join(workspace, relative), data });
  return relative;
}
