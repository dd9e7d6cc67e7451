/** `docs/reference/config.schema.json`: one JSON Schema for the whole file, for editors. */
import type { Item } from "../evaluate.ts";
import { sortedSections } from "./config.ts";

interface Writable {
  properties?: Record<string, Writable>;
  [keyword: string]: unknown;
}

export function configSchema(items: readonly Item[]): string {
  const root: Writable = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "openclaw.json",
    type: "object",
    properties: { $schema: { type: "string" } },
    additionalProperties: false,
  };
  for (const { path, schema, summary } of sortedSections(items))
    place(root, path.split("."), { description: summary, ...schema });
  return `${JSON.stringify(shared(root), null, 1)}\n`;
}

/** An outer section stands before those inside it. */
function place(at: Writable, [first = "", ...rest]: string[], schema: object): void {
  at.properties ??= {};
  const present = at.properties[first];
  if (rest.length === 0) at.properties[first] = { ...structuredClone(schema), ...present };
  else place((at.properties[first] = present ?? { type: "object", additionalProperties: false }), rest, schema);
}

/** Shorter ones are repeated. */
const WORTH_SHARING = 250;

/** Objects that occur more than once are written once, below `$defs`. */
function shared(root: Writable): object {
  const times = new Map<string, number>();
  count(root, times);
  const names = new Map<string, string>();
  const defs: Record<string, unknown> = {};
  const rewrite = (node: unknown, key: string): unknown => {
    if (Array.isArray(node)) return node.map((each) => rewrite(each, key));
    if (node === null || typeof node !== "object") return node;
    const text = JSON.stringify(node);
    const inside = () => Object.fromEntries(Object.entries(node).map(([name, each]) => [name, rewrite(each, name)]));
    if (!isSchema(node) || text.length < WORTH_SHARING || (times.get(text) ?? 0) < 2) return inside();
    let name = names.get(text);
    if (name === undefined) {
      name = freeName(/^\w+$/.test(key) ? key : "values", defs);
      names.set(text, name);
      defs[name] = null;
      defs[name] = inside();
    }
    return { $ref: `#/$defs/${name}` };
  };
  const body = rewrite(root, "root") as object;
  return Object.keys(defs).length === 0 ? body : { ...body, $defs: defs };
}

function count(node: unknown, times: Map<string, number>): void {
  if (node === null || typeof node !== "object") return;
  if (isSchema(node)) {
    const text = JSON.stringify(node);
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  Object.values(node).forEach((each) => count(each, times));
}

function isSchema(node: object): boolean {
  return "type" in node && (node.type === "object" || node.type === "array") && !("$schema" in node);
}

function freeName(wanted: string, taken: object): string {
  if (!(wanted in taken)) return wanted;
  for (let number = 2; ; number += 1) if (!(`${wanted}${number}` in taken)) return `${wanted}${number}`;
}
