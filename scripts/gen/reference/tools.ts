/** `docs/reference/tools.md`. */
import type { Item } from "../evaluate.ts";
import { cell, code, page, table, value } from "./markdown.ts";
import { phrase, rows, type Schema } from "./schema.ts";

interface Tool {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: string;
  readonly summary: string;
  readonly effect: string;
  readonly params: Schema;
}

export function toolsPage(items: readonly Item[]): string {
  const tools = (items as unknown as Tool[]).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const intro =
    "What an agent can do. The *effect* is what the gate judges a call by; `group:<name>` names a group in a policy.";
  const overview = tools.map(({ name, group, effect, summary }) => [
    code(name),
    code(`group:${group}`),
    effect,
    cell(summary),
  ]);
  return page("Tools", intro, [table(["Tool", "Group", "Effect", "Does"], overview), ...tools.map(toolPart)]);
}

function toolPart({ name, aliases, params }: Tool): string {
  const body = rows(params).map(({ key, schema, required }) => [
    code(key),
    code(phrase(schema)),
    required ? "yes" : "",
    cell(schema.description) + (schema.default === undefined ? "" : ` Default: ${value(schema.default)}.`),
  ]);
  const also = aliases?.length ? `Also called ${aliases.map(code).join(", ")}.` : "";
  return [`## \`${name}\``, also, table(["Parameter", "Type", "Required", "Meaning"], body) || "Takes no parameters."]
    .filter(Boolean)
    .join("\n\n");
}
