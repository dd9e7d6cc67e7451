/** The files of a workspace that people edit from afar. No link leads out of the workspace. */
import { join } from "node:path";
import { Fault } from "../../base/errors.ts";
import { info } from "../../base/files.ts";
import { sha256 } from "../../base/ids.ts";
import { readWithin, writeWithin } from "../../base/open.ts";
import { WORKSPACE_FILES } from "./_workspace.ts";
import { errors } from "./errors.ts";
import type { Agent } from "./index.ts";

const NAMES: readonly string[] = [...WORKSPACE_FILES, "MEMORY.md"];
const MAX_BYTES = 2 * 1024 * 1024;

export interface FileRow {
  readonly name: string;
  readonly path: string;
  readonly missing: boolean;
  readonly size?: number;
  readonly updatedAtMs?: number;
  /** It belongs there only for a time. */
  readonly expectedAbsent?: boolean;
}

export async function listFiles({ workspace }: Agent): Promise<FileRow[]> {
  return Promise.all(NAMES.map((name) => rowOf(workspace, name)));
}

/** Throws `AGENT_FILE_UNSUPPORTED`. */
export async function readFile({ workspace }: Agent, name: string): Promise<FileRow & { content?: string }> {
  const row = await rowOf(workspace, supported(name));
  if (row.missing) return row;
  const data = await readWithin({ root: workspace, path: row.path, maxBytes: MAX_BYTES });
  return { ...row, content: data.toString("utf8") };
}

/** Throws `AGENT_FILE_UNSUPPORTED`, `AGENT_FILE_TOO_LARGE`. */
export async function writeFile(
  { workspace }: Agent,
  { name, content }: { readonly name: string; readonly content: string },
): Promise<FileRow & { hash: string; content: string }> {
  const path = join(workspace, supported(name));
  if (Buffer.byteLength(content) > MAX_BYTES) throw errors.AGENT_FILE_TOO_LARGE({ name });
  await writeWithin({ root: workspace, path, data: content });
  return { ...(await rowOf(workspace, name)), hash: sha256(content), content };
}

function supported(name: string): string {
  if (!NAMES.includes(name)) throw errors.AGENT_FILE_UNSUPPORTED({ name });
  return name;
}

async function rowOf(workspace: string, name: string): Promise<FileRow> {
  const path = join(workspace, name);
  const found = await info(path).catch((error: unknown) => {
    if (error instanceof Fault) return undefined;
    throw error;
  });
  const brief = name === "BOOTSTRAP.md" ? { expectedAbsent: true } : {};
  if (!found?.isFile) return { name, path, missing: true, ...brief };
  return { name, path, missing: false, size: found.size, updatedAtMs: Math.round(found.mtimeMs) };
}
