/** The files that memory consists of, as they are on the disk. Links are not followed. */
import { basename, join, relative, sep } from "node:path";
import { entries, info } from "../../../base/files.ts";
import { openWithin } from "../../../base/open.ts";
import { isInside } from "../../../base/path.ts";

export interface NotePlace {
  /** Absolute. */
  readonly workspace: string;
  /** Absolute files and folders. */
  readonly extra: readonly string[];
}

export interface Note {
  /** As results name it: from the workspace, absolute elsewhere. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** Folder that the file must not leave. */
  readonly root: string;
  readonly size: number;
  readonly mtime: number;
}

export interface Found {
  readonly notes: readonly Note[];
  /** Folders to be watched. */
  readonly folders: readonly string[];
  /** What was left out, and why. */
  readonly skipped: readonly string[];
}

export const MAX_NOTE_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 20_000;
const MAX_DEPTH = 16;
const MAX_WATCHED = 64;
const CURATED = ["MEMORY.md", "memory.md"];

/** `MEMORY.md`, `memory.md`, `memory/**\/*.md` and what is configured besides. */
export async function findNotes({ workspace, extra }: NotePlace): Promise<Found> {
  const walk = new Walk(workspace);
  const names = await entries(workspace);
  for (const { name, kind } of names)
    if (kind === "file" && CURATED.includes(name)) await walk.file(join(workspace, name), workspace);
  if (names.some(({ name, kind }) => name === "memory" && kind === "folder"))
    await walk.folder(join(workspace, "memory"), workspace, 0);
  for (const path of extra) {
    const found = await info(path).catch(() => undefined);
    if (found?.isDirectory) await walk.folder(path, path, 0);
    else if (found?.isFile && path.toLowerCase().endsWith(".md")) await walk.file(path, path);
    else walk.skipped.push(`${path}: ${found ? "neither a folder nor a Markdown file" : "not there"}`);
  }
  return { notes: [...walk.notes.values()], folders: [workspace, ...walk.folders], skipped: walk.skipped };
}

/** Whether a path, absolute and without links, is one of those that memory consists of. Looks at nothing. */
export function isNote(path: string, { workspace, extra }: NotePlace): boolean {
  if (!path.toLowerCase().endsWith(".md")) return false;
  if (CURATED.some((name) => path === join(workspace, name))) return true;
  return [join(workspace, "memory"), ...extra].some((root) => isInside(root, path));
}

export function isCurated(path: string): boolean {
  return CURATED.includes(basename(path)) && !path.includes("/");
}

class Walk {
  readonly notes = new Map<string, Note>();
  readonly folders: string[] = [];
  readonly skipped: string[] = [];
  readonly #workspace: string;

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  async folder(path: string, root: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) return void this.skipped.push(`${path}: too deep`);
    if (this.folders.length < MAX_WATCHED) this.folders.push(path);
    for (const { name, kind } of await entries(path)) {
      if (name.startsWith(".") || name === "node_modules") continue;
      const at = join(path, name);
      if (kind === "folder") await this.folder(at, root, depth + 1);
      else if (kind === "file" && name.toLowerCase().endsWith(".md")) await this.file(at, root);
    }
  }

  async file(file: string, root: string): Promise<void> {
    const found = await info(file).catch(() => undefined);
    if (!found?.isFile) return;
    const path = shownPath(file, this.#workspace);
    if (found.size > MAX_NOTE_BYTES) return void this.skipped.push(`${path}: larger than ${MAX_NOTE_BYTES} bytes`);
    if (this.notes.size >= MAX_FILES && !this.notes.has(path))
      return void (
        this.notes.size === MAX_FILES && this.skipped.push(`${path} and others: more than ${MAX_FILES} files`)
      );
    this.notes.set(path, { path, file, root, size: found.size, mtime: found.mtimeMs });
  }
}

export function shownPath(file: string, workspace: string): string {
  return isInside(workspace, file) ? relative(workspace, file).split(sep).join("/") : file;
}

/**
 * The text of a note as it was at one moment: undefined when somebody wrote to it meanwhile (to be read again) or
 * it is gone; `no text` for anything that is none.
 */
export async function readNote(
  note: Note,
): Promise<{ text: string; size: number; mtime: number } | "no text" | undefined> {
  const before = await info(note.file);
  if (!before?.isFile) return undefined;
  const opened = await openWithin({ root: note.root, path: note.file });
  let data: Buffer;
  try {
    data = await opened.read(0, MAX_NOTE_BYTES + 1);
  } finally {
    await opened.close();
  }
  const after = await info(note.file);
  if (after?.size !== before.size || after.mtimeMs !== before.mtimeMs || data.length !== before.size) return undefined;
  if (data.includes(0)) return "no text";
  return { text: data.toString("utf8").replace(/^\uFEFF/, ""), size: before.size, mtime: before.mtimeMs };
}
