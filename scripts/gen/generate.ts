import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { collect } from "./collect.ts";
import { evaluate } from "./evaluate.ts";
import { referencePages } from "./reference.ts";
import { serviceRegistry, staticRegistries } from "./registries.ts";

const GENERATED = "packages/openclaw/src/generated";
const REFERENCE = "docs/reference";

/**
 * Brings everything derived up to date, or in mode `check` only compares.
 * Answers with the paths, relative to `root`, that were written or differ. What is right already is not touched.
 */
export async function generate({ root, mode }: { root: string; mode: "check" | "write" }): Promise<string[]> {
  const settle = mode === "write" ? write : differs;
  const found = collect(root);
  // First what file names say, because role files may import it; then what only their contents say.
  const registries = staticRegistries(found);
  const early = settleAll(GENERATED, registries);
  const evaluated = await evaluate(found);
  const late = new Map([["services.ts", serviceRegistry(evaluated.services)]]);
  return [
    ...early,
    ...settleAll(GENERATED, late),
    ...settleAll(REFERENCE, referencePages(evaluated)),
    ...stale(root, new Set([...registries.keys(), ...late.keys()]), mode),
  ].sort();

  function settleAll(folder: string, texts: ReadonlyMap<string, string>): string[] {
    return [...texts].flatMap(([name, text]) => (settle(join(root, folder, name), text) ? [`${folder}/${name}`] : []));
  }
}

function differs(path: string, text: string): boolean {
  try {
    return readFileSync(path, "utf8") !== text;
  } catch {
    return true; // Missing is different.
  }
}

function write(path: string, text: string): boolean {
  if (!differs(path, text)) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return true;
}

/** Registries of roles that no longer exist. */
function stale(root: string, wanted: ReadonlySet<string>, mode: "check" | "write"): string[] {
  const folder = join(root, GENERATED);
  if (!existsSync(folder)) return [];
  const extra = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !wanted.has(entry.name),
  );
  if (mode === "write") for (const { name } of extra) rmSync(join(folder, name));
  return extra.map(({ name }) => `${GENERATED}/${name}`);
}
