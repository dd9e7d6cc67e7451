/** A syntax tree to look at: every node once, with its parents, and which names are bound where it stands. */

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Visit {
  readonly node: Node;
  /** The node that holds this one; undefined for the root. */
  readonly parent: Node | undefined;
  /** Whether a name means something declared in this file here, not the global of that name. */
  readonly isBound: (name: string) => boolean;
}

const SCOPES = new Set([
  "Program",
  "BlockStatement",
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "CatchClause",
  "ForStatement",
  "ForOfStatement",
  "ForInStatement",
]);

/** Calls `look` for every node, outermost first. */
export function walk(root: Node, look: (visit: Visit) => void): void {
  step(root, undefined, []);

  function step(node: Node, parent: Node | undefined, scopes: readonly ReadonlySet<string>[]): void {
    const inner = SCOPES.has(node.type) ? [...scopes, namesDeclaredIn(node)] : scopes;
    look({ node, parent, isBound: (name) => inner.some((names) => names.has(name)) });
    for (const child of childrenOf(node)) step(child, node, inner);
  }
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => nodes([value].flat()));
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Names that a scope declares: parameters, variables, functions, classes, imports. */
function namesDeclaredIn(scope: Node): Set<string> {
  const names = new Set<string>();
  const parameters = [scope["params"], scope["param"]].flat().filter(isNode);
  for (const parameter of parameters) bind(parameter);
  const statements = [scope["body"], scope["init"], scope["left"]].flat().filter(isNode);
  for (const statement of statements) declare(statement);
  return names;

  function declare(statement: Node): void {
    if (statement.type === "VariableDeclaration")
      for (const each of nodes(statement["declarations"])) bind(each["id"] as Node);
    else if (statement.type === "ExportNamedDeclaration" && isNode(statement["declaration"]))
      declare(statement["declaration"]);
    else if (statement.type === "ImportDeclaration")
      for (const each of nodes(statement["specifiers"])) bind(each["local"] as Node);
    else if (/^(Function|Class)Declaration$/.test(statement.type) && isNode(statement["id"])) bind(statement["id"]);
  }

  function bind(pattern: Node): void {
    if (pattern.type === "Identifier") names.add(pattern["name"] as string);
    else if (pattern.type === "Property") bind(pattern["value"] as Node);
    else if (pattern.type === "AssignmentPattern") bind(pattern["left"] as Node);
    else for (const part of childrenOf(pattern)) if (!part.type.startsWith("TS")) bind(part);
  }
}

function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** `a.b` and `a["b"]` as text; undefined for anything else. */
export function dotted(node: Node | undefined): string | undefined {
  if (node?.type === "Identifier") return node["name"] as string;
  if (node?.type !== "MemberExpression") return undefined;
  const object = dotted(node["object"] as Node);
  const property = node["property"] as Node;
  const name = node["computed"]
    ? property.type === "Literal"
      ? String(property["value"])
      : undefined
    : (property["name"] as string);
  return object === undefined || name === undefined ? undefined : `${object}.${name}`;
}

/** A value written out in the source: string, number, regular expression, template without holes. */
export function isLiteral(node: Node | undefined): boolean {
  if (node?.type === "TemplateLiteral") return nodes(node["expressions"]).length === 0;
  return node?.type === "Literal";
}

/** Whether `node` is a use of the global `name`: not a property, not a declaration, not shadowed. */
export function isGlobal({ node, parent, isBound }: Visit, name: string): boolean {
  if (node.type !== "Identifier" || node["name"] !== name || isBound(name)) return false;
  if (parent === undefined || parent.type.startsWith("TS") || parent.type === "ImportSpecifier") return false;
  const isKey =
    (parent.type === "MemberExpression" && parent["property"] === node) ||
    (isMember(parent) && parent["key"] === node && !parent["shorthand"]);
  return !isKey || parent["computed"] === true;
}

function isMember(node: Node): boolean {
  return /^(Property|PropertyDefinition|MethodDefinition|AccessorProperty)$/.test(node.type);
}
