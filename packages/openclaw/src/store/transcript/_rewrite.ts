/** Writing a transcript anew with fewer entries. */
import { keepAs, readRange, writeDurable } from "../../base/files.ts";
import type { Entry } from "../ports/index.ts";

/** Longest header that is taken over. */
const MAX_HEADER = 64 * 1024;

/**
 * Keeps the whole under another name, then replaces the file in one step: a crash leaves the old or the new
 * file, never none. Entries become one chain in the order given.
 */
export async function rewrite(
  { file, archived, header }: { file: string; archived: string; header: Readonly<Record<string, unknown>> },
  entries: readonly Entry[],
): Promise<void> {
  await keepAs(file, archived);
  const lines: unknown[] = [{ ...(await headerOf(file)), ...header }];
  let parentId: string | null = null;
  for (const entry of entries) {
    lines.push({ ...entry, parentId });
    parentId = entry.id;
  }
  await writeDurable(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

async function headerOf(file: string): Promise<Readonly<Record<string, unknown>>> {
  const start = await readRange(file, 0, MAX_HEADER);
  const line = start?.data.subarray(0, Math.max(0, start.data.indexOf(0x0a))).toString("utf8") ?? "";
  try {
    const value = JSON.parse(line) as { type?: unknown; parentId?: unknown } | null;
    return value?.type === "session" && value.parentId === undefined ? { ...value } : {};
  } catch {
    return {};
  }
}
