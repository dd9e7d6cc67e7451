/** `docs/reference/config.md` and `config.schema.json`. */
import type { Item } from "../evaluate.ts";
import { cell, code, page, table, value } from "./markdown.ts";
import { phrase, rows, type Schema } from "./schema.ts";

interface Section {
  readonly path: string;
  readonly summary: string;
  readonly schema: Schema;
  readonly reload: string;
  readonly reloads?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
}

export function configPage(items: readonly Item[]): string {
  const intro =
    "Every key of `openclaw.json`. *Reload* says what a change needs: `live` and `none` nothing, `restart:<part>` restarts that part by itself, `restart` restarts the gateway. Keys marked *secret* are never shown.";
  return page("Configuration", intro, sorted(items).map(sectionPart));
}

function sectionPart(section: Section): string {
  const body = rows(section.schema).map(({ key, schema }) => [
    code(`${section.path}.${key}`),
    code(phrase(schema)),
    value(schema.default),
    code(reloadOf(section, key)),
    cell(schema.description) + (section.secrets?.some((pattern) => matches(pattern, key)) ? " *(secret)*" : ""),
  ]);
  const head = ["Key", "Type", "Default", "Reload", "Meaning"];
  return [`## \`${section.path}\``, section.summary, table(head, body)].filter(Boolean).join("\n\n");
}

function reloadOf({ reload, reloads = {} }: Section, key: string): string {
  const closest = Object.keys(reloads)
    .filter((pattern) => matches(pattern, key) || matches(`${pattern}.**`, key))
    .sort((a, b) => b.length - a.length)[0];
  return closest === undefined ? reload : (reloads[closest] ?? reload);
}

/** `*` stands for one segment, a final `**` for all that follow. List items match as `*`. */
function matches(pattern: string, key: string): boolean {
  const wanted = pattern.split(".");
  const given = key.replaceAll("[]", ".*").split(".");
  if (wanted.at(-1) === "**")
    return matches(wanted.slice(0, -1).join("."), given.slice(0, wanted.length - 1).join("."));
  return wanted.length === given.length && wanted.every((part, at) => part === "*" || part === given[at]);
}

/** One JSON Schema for the whole file, for editors. */
export function configSchema(items: readonly Item[]): string {
  const root: Writable = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "openclaw.json",
    type: "object",
    properties: { $schema: { type: "string" } },
    additionalProperties: false,
  };
  for (const { path, schema, summary } of sorted(items))
    place(root, path.split("."), { description: summary, ...schema });
  return `${JSON.stringify(root, null, 2)}\n`;
}

interface Writable {
  properties?: Record<string, Writable>;
  [keyword: string]: unknown;
}

/** Sections come sorted, so an outer section is placed before those inside it. */
function place(at: Writable, [first = "", ...rest]: string[], schema: object): void {
  at.properties ??= {};
  const present = at.properties[first];
  if (rest.length === 0) at.properties[first] = { ...structuredClone(schema), ...present };
  else place((at.properties[first] = present ?? { type: "object", additionalProperties: false }), rest, schema);
}

function sorted(items: readonly Item[]): Section[] {
  return (items as unknown as Section[]).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
