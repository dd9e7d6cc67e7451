import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { filesUnder } from "../prepare/files.mjs";
import { ROLES, UNITS } from "./roles.ts";

/** Everything the registries are made from. Paths of files are relative to `packages/openclaw/src`, with `/`. */
export interface Found {
  /** The checkout. */
  readonly root: string;
  /** `packages/openclaw/src`, absolute. */
  readonly src: string;
  /** Role files by role name. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly services: readonly string[];
  readonly dialects: readonly string[];
  readonly vendors: readonly string[];
  /** Prose (`*.md`) by path. */
  readonly prose: Readonly<Record<string, string>>;
  readonly extensions: readonly FoundExtension[];
}

export interface FoundExtension {
  readonly manifest: Readonly<Record<string, unknown>> & { readonly id: string };
  /** Entry and config module, relative to `src`. */
  readonly entry: string;
  readonly config?: string;
}

/** Looks at file names only; nothing is evaluated. */
export function collect(root: string): Found {
  const src = join(root, "packages", "openclaw", "src");
  const units = [...subfolders(join(src, "features")), ...UNITS.map((unit) => join(src, unit))];
  const named = (name: string): string[] => units.map((unit) => join(unit, name)).filter((path) => existsSync(path));
  const inside = (paths: readonly string[]): string[] => paths.map((path) => portable(relative(src, path))).sort();
  return {
    root,
    src,
    roles: Object.fromEntries(
      ROLES.map(({ role, besides = [] }) => {
        const others = besides.map((path) => join(src, path)).filter((path) => existsSync(path));
        return [role, inside([...named(`${role}.ts`), ...others])];
      }),
    ),
    services: inside(named("service.ts")),
    dialects: inside(implementations(join(src, "models", "dialects"))),
    vendors: inside(implementations(join(src, "models", "vendors"))),
    prose: readProse(src),
    extensions: subfolders(join(root, "extensions")).flatMap((folder) => readExtension(folder, src)),
  };
}

/** One file per implementation; private files, tests and the door are none. */
function implementations(folder: string): string[] {
  return filesUnder(folder, (path) => {
    const name = basename(path);
    return name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("_") && name !== "index.ts";
  }).filter((path) => !relative(folder, path).includes(sep));
}

function readProse(src: string): Record<string, string> {
  const files = filesUnder(src, (path) => path.endsWith(".md") && basename(path) !== "README.md");
  return Object.fromEntries(files.map((path) => [portable(relative(src, path)), readFileSync(path, "utf8")]));
}

function readExtension(folder: string, src: string): FoundExtension[] {
  const file = join(folder, "openclaw.plugin.json");
  if (!existsSync(file)) return [];
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  if (manifest.id !== basename(folder)) throw new Error(`${file}: the id must be the name of its folder`);
  const config = join(folder, "config.ts");
  return [
    {
      manifest,
      entry: portable(relative(src, join(folder, manifest.entry ?? "index.ts"))),
      ...(existsSync(config) ? { config: portable(relative(src, config)) } : {}),
    },
  ];
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort();
}

function portable(path: string): string {
  return path.split(sep).join("/");
}
