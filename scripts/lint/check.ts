import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseSync } from "oxc-parser";
import { filesUnder } from "../prepare/files.mjs";
import type { Rule } from "./rule.ts";
import { ambient } from "./rules/ambient.ts";
import { compare } from "./rules/compare.ts";
import { envRead, envWhole } from "./rules/env.ts";
import { fetch } from "./rules/fetch.ts";
import { moduleState } from "./rules/module-state.ts";
import { open } from "./rules/open.ts";
import { pattern } from "./rules/pattern.ts";
import { socket } from "./rules/socket.ts";
import { spawn } from "./rules/spawn.ts";
import { isAllowed, TABLE, type Row, type RuleName } from "./table.ts";
import { walk, type Node } from "./tree.ts";

export interface Finding {
  readonly rule: RuleName;
  readonly level: Row["level"];
  /** `path:line`. */
  readonly at: string;
  readonly problem: string;
}

const RULES: readonly Rule[] = [spawn, fetch, socket, open, compare, pattern, envWhole, envRead, ambient, moduleState];

/** Every breach in the product's sources below `root`. Tests may do what they like. */
export function lint(root: string): Finding[] {
  return ["packages", "extensions"]
    .flatMap((folder) => filesUnder(join(root, folder), isSource))
    .flatMap((file) => lintText(relative(root, file).split(sep).join("/"), readFileSync(file, "utf8")));
}

/** Breaches in one file. `path` is from the checkout: it decides what is allowed. */
export function lintText(path: string, text: string): Finding[] {
  const rules = RULES.filter((rule) => !isAllowed(rule.name, path));
  const lines = text.split("\n");
  const found: Finding[] = [];
  walk(parseSync(path, text).program as unknown as Node, (visit) => {
    for (const { name, look } of rules) {
      const problem = look(visit);
      if (problem === undefined) continue;
      const line = text.slice(0, visit.node.start).split("\n").length;
      if (isExcused(name, lines, line)) continue;
      const { level, remedy } = TABLE[name];
      found.push({ rule: name, level, at: `${path}:${line}`, problem: `${problem}; ${remedy}` });
    }
  });
  return found;
}

function isExcused(rule: RuleName, lines: readonly string[], line: number): boolean {
  const row: Row = TABLE[rule];
  if (!row.excusable) return false;
  return [lines[line - 1], lines[line - 2]].some(
    (text) => text !== undefined && text.includes(`// lint-allow ${rule}: `),
  );
}

function isSource(path: string): boolean {
  return /\.tsx?$/.test(path) && !/\.(test|fixture|d|config)\.tsx?$/.test(path);
}
