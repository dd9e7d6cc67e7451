import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseSync, type StaticExport, type StaticImport } from "oxc-parser";
import { filesUnder } from "../prepare/files.mjs";

/** `static`: at load time · `lazy`: `import()` · `type`: gone at run time. */
export type ImportKind = "static" | "lazy" | "type";

export interface Import {
  readonly specifier: string;
  readonly kind: ImportKind;
  /** Path of the imported module from the checkout when it is ours. */
  readonly target?: string;
  readonly line: number;
  /** Names taken from the target; `*` for all. */
  readonly names: readonly string[];
}

export interface Module {
  /** From the checkout, with `/`. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Names it exports at run time, re-exports included; `*` where all of another module are passed on. */
  readonly exports: readonly string[];
  /** A test, or a program that only tests run. */
  readonly isTest: boolean;
}

/** What stands behind the package's doors. */
const DOORS: Readonly<Record<string, string>> = {
  "openclaw/sdk": "packages/openclaw/src/contracts/index.ts",
  "openclaw/channel-kit": "packages/openclaw/src/channel-kit/index.ts",
  "openclaw/client": "packages/openclaw/src/client/index.ts",
};

/** Every TypeScript module of the product below `root`, with what it imports. Throws for a file that does not parse. */
export function readModules(root: string, folders: readonly string[] = ["packages", "extensions"]): Module[] {
  return folders
    .flatMap((folder) => filesUnder(join(root, folder), (path) => isModule(path)))
    .map((path) => readModule(portable(relative(root, path)), readFileSync(path, "utf8")));
}

/** Settings of a tool are no part of the product. */
function isModule(path: string): boolean {
  return /\.tsx?$/.test(path) && !/\.(d|config)\.ts$/.test(path);
}

/** One module from its text. */
function readModule(path: string, text: string): Module {
  const { module, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const make = (specifier: string, kind: ImportKind, start: number, names: readonly string[]): Import => {
    const target = resolve(path, specifier);
    return { specifier, kind, line: lineAt(start), names, ...(target === undefined ? {} : { target }) };
  };
  const passedOn = module.staticExports.flatMap((statement) => reExport(statement, text));
  return {
    path,
    isTest: /\.(test|fixture)\.tsx?$/.test(path),
    imports: [
      ...module.staticImports.map((each) =>
        make(each.moduleRequest.value, kindOf(each, text), each.start, namesOf(each)),
      ),
      ...passedOn.map(({ from, kind, start, names }) => make(from, kind, start, names)),
      ...module.dynamicImports.flatMap(({ start, moduleRequest }) => {
        const literal = /^["'`]([^"'`$]+)["'`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1];
        return literal === undefined ? [] : [make(literal, "lazy", start, ["*"])];
      }),
    ],
    exports: module.staticExports.flatMap(({ entries }) =>
      entries.filter(({ isType }) => !isType).map(({ exportName }) => exportName.name ?? exportKind(exportName.kind)),
    ),
  };
}

function reExport(
  statement: StaticExport,
  text: string,
): { from: string; kind: ImportKind; start: number; names: string[] }[] {
  const entries = statement.entries.filter((entry) => entry.moduleRequest);
  const from = entries[0]?.moduleRequest?.value;
  if (from === undefined) return [];
  const names = entries.map((entry) => entry.importName.name ?? "*");
  return [{ from, kind: isTypeStatement(text, statement.start) ? "type" : "static", start: statement.start, names }];
}

/** `import { type A } from "x"` still loads x; only `import type` does not. */
function kindOf(statement: StaticImport, text: string): ImportKind {
  return isTypeStatement(text, statement.start) ? "type" : "static";
}

function isTypeStatement(text: string, start: number): boolean {
  return /^(import|export)\s+type\b(?!\s*(,|from\b))/.test(text.slice(start, start + 40));
}

function namesOf(statement: StaticImport): string[] {
  return statement.entries.map(({ importName }) =>
    importName.kind === "Default" ? "default" : (importName.name ?? "*"),
  );
}

function exportKind(kind: string): string {
  return kind === "Default" ? "default" : "*";
}

function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return portable(join(dirname(from), specifier));
  return DOORS[specifier];
}

function portable(path: string): string {
  return path.split(sep).join("/");
}
