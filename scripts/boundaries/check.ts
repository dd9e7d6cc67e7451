import { browserProblems } from "./browser.ts";
import { cycles } from "./cycles.ts";
import { doors, featureOrder, layers, laziness, privacy, type EdgeRule } from "./edges.ts";
import { readModules, type Module } from "./graph.ts";
import { packageProblems } from "./packages.ts";
import { placeOf } from "./place.ts";

export interface Violation {
  /** Name of the rule. */
  readonly rule: string;
  /** `path:line`, or the path alone. */
  readonly at: string;
  readonly problem: string;
}

const EDGE_RULES: Readonly<Record<string, EdgeRule>> = {
  layers,
  doors,
  privacy,
  "feature order": featureOrder,
  laziness,
};

/** Every import of the product that the table does not allow. Tests may import what they like. */
export function violations(root: string): Violation[] {
  const modules = readModules(root).filter(({ isTest }) => !isTest);
  return [
    ...modules.flatMap(edgeViolations),
    ...modules.flatMap((module) =>
      packageProblems(root, module).map(({ line, problem }) => ({
        rule: "packages",
        at: `${module.path}:${line}`,
        problem,
      })),
    ),
    ...cycles(modules).map((walk) => ({ rule: "cycles", at: walk[0] ?? "", problem: walk.join(" → ") })),
    ...browserProblems(modules).map((way) => ({ rule: "browser", at: way.at(-2) ?? "", problem: way.join(" → ") })),
  ];
}

function edgeViolations(module: Module): Violation[] {
  const from = placeOf(module.path);
  if (!from) return [];
  return module.imports.flatMap((each) => {
    if (each.target === undefined) return [];
    const at = `${module.path}:${each.line}`;
    const to = placeOf(each.target);
    if (!to) {
      const isData = each.target.endsWith(".json") || each.target.endsWith(".css");
      return isData ? [] : [{ rule: "layers", at, problem: `${each.target} is not part of the product` }];
    }
    const edge = { module, import: { ...each, target: each.target }, from, to };
    return Object.entries(EDGE_RULES).flatMap(([rule, judge]) => {
      const problem = judge(edge);
      return problem === undefined ? [] : [{ rule, at, problem }];
    });
  });
}
