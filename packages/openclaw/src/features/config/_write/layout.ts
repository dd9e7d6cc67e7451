/**
 * Where the parts of a configuration stand: in the file itself, or in a file of their own. Only a whole
 * section that is exactly `{ $include: "<one file>" }` can be written to there; a change anywhere else
 * below an `$include` is refused, because it could only be made by flattening what people laid out.
 */
import { dirname } from "node:path";
import { readText } from "../../../base/files.ts";
import { pathFrom } from "../../../base/path.ts";
import type { Change } from "./change.ts";
import { errors } from "../errors.ts";
import type { ConfigFile } from "../index.ts";
import { INCLUDE, hasInclude, isDict } from "../_load/merge.ts";
import { parseDocument } from "../_load/parse.ts";
import { formatPath, valueAt } from "../_path.ts";
import { issueReport } from "../_report.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/** A section in a file of its own. */
export interface SectionFile {
  readonly section: string;
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly value: unknown;
}

export interface Layout {
  /** What stands in the file, with the sections of other files put in. Variables as they are written. */
  readonly tree: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, SectionFile>;
}

/** Throws `CONFIG_SYNTAX` for a file that cannot be read as JSON5. */
export async function layoutOf(file: ConfigFile, home: string): Promise<Layout> {
  if (file.problem === "syntax") throw errors.CONFIG_SYNTAX({ report: issueReport(file) });
  const root = isDict(file.parsed) ? file.parsed : {};
  const files = new Map<string, SectionFile>();
  for (const [section, value] of Object.entries(root)) {
    const found = isDict(value) ? await sectionFile(file.path, section, value, home) : undefined;
    if (found) files.set(section, found);
  }
  const entries = Object.entries(root).map(([key, value]) => [key, files.get(key)?.value ?? value] as const);
  return { tree: Object.fromEntries(entries), files };
}

/** The section's file and the change inside it; no file for a change of the configuration file itself. Throws `CONFIG_INCLUDED`. */
export function route(
  { tree, files }: Layout,
  change: Change,
): { readonly file?: SectionFile; readonly change: Change } {
  const [section, ...rest] = change.path;
  const refuse = () => errors.CONFIG_INCLUDED({ path: formatPath(change.path) });
  if (Object.hasOwn(tree, INCLUDE)) throw refuse();
  const file = section === undefined ? undefined : files.get(String(section));
  if (file && rest.length === 0 && "remove" in change) throw refuse();
  for (let depth = 0; depth < change.path.length; depth += 1) {
    const node = valueAt(tree, change.path.slice(0, depth));
    if (isDict(node) && Object.hasOwn(node, INCLUDE)) throw refuse();
  }
  if (hasInclude(valueAt(tree, change.path))) throw refuse();
  if (change.path.length === 0 && files.size > 0) throw refuse();
  if (!file) return { change };
  return { file, change: { ...change, path: rest } };
}

async function sectionFile(
  config: string,
  section: string,
  value: Readonly<Record<string, unknown>>,
  home: string,
): Promise<SectionFile | undefined> {
  const named = value[INCLUDE];
  if (typeof named !== "string" || Object.keys(value).length !== 1) return undefined;
  const path = pathFrom(dirname(config), named, home);
  const text = await readText(path, MAX_BYTES).catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = await parseDocument(text);
  return parsed.ok ? { section, path, text, value: parsed.value } : undefined;
}
