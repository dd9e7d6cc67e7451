import { isLiteral, type Node } from "./tree.ts";

export interface ImportedModule {
  /** Without `node:`. */
  readonly module: string;
  /** Names imported at run time; `*` when all can be reached. */
  readonly names: readonly string[];
}

/** The module that this node brings in at run time, however it is written; types do not count. */
export function importedBy(node: Node): ImportedModule | undefined {
  if (node.type === "ImportDeclaration")
    return of(node["source"], node["importKind"] === "type" ? undefined : specifierNames(node));
  if (node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration") {
    return of(node["source"], node["exportKind"] === "type" ? undefined : ["*"]);
  }
  if (node.type === "ImportExpression") return of(node["source"], ["*"]);
  if (node.type !== "CallExpression") return undefined;
  const callee = node["callee"] as Node;
  const called = callee.type === "MemberExpression" ? (callee["property"] as Node) : callee;
  const loads = called["name"] === "require" || called["name"] === "getBuiltinModule";
  return loads ? of((node["arguments"] as Node[])[0], ["*"]) : undefined;
}

function of(source: unknown, names: readonly string[] | undefined): ImportedModule | undefined {
  if (!names || !isLiteral(source as Node)) return undefined;
  return { module: String((source as Node)["value"]).replace(/^node:/, ""), names };
}

function specifierNames(node: Node): string[] | undefined {
  const all = node["specifiers"] as Node[];
  if (all.length === 0) return ["*"];
  const atRunTime = all.filter((each) => each["importKind"] !== "type");
  if (atRunTime.length === 0) return undefined;
  return atRunTime.map((each) => (each.type === "ImportSpecifier" ? String((each["imported"] as Node)["name"]) : "*"));
}
