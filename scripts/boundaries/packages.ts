import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isBuiltin } from "node:module";
import type { Module } from "./graph.ts";
import { placeOf } from "./place.ts";
import { PACKAGES } from "./table.ts";

/**
 * npm packages stand where the table says; an extension uses what its own package.json lists.
 * Answers with a sentence per import that does not belong, by line.
 */
export function packageProblems(root: string, module: Module): { line: number; problem: string }[] {
  const place = placeOf(module.path);
  if (!place) return [];
  return module.imports.flatMap(({ specifier, target, line, kind }) => {
    if (target !== undefined || isBuiltin(specifier) || specifier.startsWith("virtual:")) return [];
    const name = packageOf(specifier);
    if (place.layer === "extensions") {
      return dependenciesOf(root, place.unit).has(name)
        ? []
        : [{ line, problem: `${name} is not in ${place.unit}/package.json` }];
    }
    const allowed = PACKAGES[name];
    if (!allowed) return [{ line, problem: `the package ${name} is not in the table of packages` }];
    if (kind === "type" || allowed.some((start) => module.path.startsWith(start))) return [];
    return [{ line, problem: `the package ${name} belongs in ${allowed.join(", ")}` }];
  });
}

/** `@scope/name/part` → `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function dependenciesOf(root: string, unit: string): ReadonlySet<string> {
  const file = join(root, unit, "package.json");
  if (!existsSync(file)) return new Set();
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(file, "utf8"));
  return new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
}
