import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { cycles } from "../boundaries/cycles.ts";
import { readModules } from "../boundaries/graph.ts";
import type { Node } from "../lint/tree.ts";
import { cloneShare } from "./clones.ts";
import { deadExports } from "./dead-exports.ts";
import { functionsOf } from "./functions.ts";

/** A file or function and its length in lines. */
export interface Length {
  readonly name: string;
  readonly lines: number;
}

export interface Shape {
  /** Of sources without tests and generated files; longest first. */
  readonly files: readonly Length[];
  readonly functions: readonly Length[];
  /** Lines of tests, and per line of source. */
  readonly testLines: number;
  /** Closed walks of run-time imports. */
  readonly cycles: readonly (readonly string[])[];
  /** Share of source lines, 0–1, that also stand elsewhere. */
  readonly clones: number;
  /** `path: name` of what is exported and imported by nobody. */
  readonly deadExports: readonly string[];
}

const FOLDERS = ["packages", "extensions", "scripts", "test", "bench"];

/** The size distribution and the tail: what a reader of the code meets. Whole second for six hundred files. */
export function measure(root: string): Shape {
  const modules = readModules(root, FOLDERS);
  const texts = new Map(modules.map(({ path }) => [path, readFileSync(join(root, path), "utf8")]));
  const isProduct = (path: string): boolean => /^(packages|extensions)\//.test(path) && !path.includes("/generated/");
  const sources = modules.filter(({ path, isTest }) => isProduct(path) && !isTest).map(({ path }) => path);
  const tests = modules.filter(({ path, isTest }) => isTest || path.startsWith("test/"));
  const lines = (path: string): number => (texts.get(path) ?? "").trimEnd().split("\n").length;
  return {
    files: longestFirst(sources.map((path) => ({ name: path, lines: lines(path) }))),
    functions: longestFirst(
      sources.flatMap((path) => {
        const text = texts.get(path) ?? "";
        return functionsOf(parseSync(path, text).program as unknown as Node, text).map(({ name, lines: length }) => ({
          name: `${path}: ${name}`,
          lines: length,
        }));
      }),
    ),
    testLines: tests.reduce((sum, { path }) => sum + lines(path), 0),
    cycles: cycles(modules.filter(({ isTest }) => !isTest)),
    clones: cloneShare(sources.map((path) => texts.get(path) ?? "")),
    deadExports: deadExports(modules),
  };
}

function longestFirst(lengths: Length[]): Length[] {
  return lengths.sort((a, b) => b.lines - a.lines || (a.name < b.name ? -1 : 1));
}
