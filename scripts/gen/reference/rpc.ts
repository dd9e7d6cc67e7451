/** `docs/reference/rpc.md`: methods and events of the gateway protocol. */
import type { Item } from "../evaluate.ts";
import { cell, code, page, sentences, table, value } from "./markdown.ts";
import { phrase, rows, type Schema } from "./schema.ts";

interface Method {
  readonly name: string;
  readonly scope: string;
  readonly summary: string;
  readonly params: Schema;
  readonly result: Schema;
  readonly hidden?: boolean;
}

interface GatewayEvent {
  readonly name: string;
  readonly scope: string;
  readonly summary: string;
  readonly subscription?: string;
  readonly payload: Schema;
}

export function rpcPage(methods: readonly Item[], events: readonly Item[]): string {
  const intro = "Methods that clients call and events that the gateway sends, over the WebSocket of its port.";
  return page("Gateway protocol", intro, [
    "## Methods",
    ...byName(methods as unknown as Method[]).map(methodPart),
    "## Events",
    ...byName(events as unknown as GatewayEvent[]).map(eventPart),
  ]);
}

function methodPart({ name, scope, summary, params, result, hidden }: Method): string {
  return [
    `### \`${name}\``,
    sentences(summary, `Scope: ${code(scope)}`, hidden ? "Not announced in the greeting" : ""),
    fields("Parameter", params),
    fields("Result", result),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function eventPart({ name, scope, summary, subscription, payload }: GatewayEvent): string {
  const subscribed = subscription ? `Needs a subscription to ${subscription}` : "";
  return [`### \`${name}\``, sentences(summary, `Scope: ${code(scope)}`, subscribed), fields("Field", payload)]
    .filter(Boolean)
    .join("\n\n");
}

function fields(title: string, schema: Schema): string {
  const body = rows(schema).map(({ key, schema: field, required }) => [
    code(key),
    code(phrase(field)),
    required ? "yes" : "",
    cell(field.description) + (field.default === undefined ? "" : ` Default: ${value(field.default)}.`),
  ]);
  return table([title, "Type", "Always", "Meaning"], body);
}

function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
