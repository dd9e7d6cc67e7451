/** `docs/reference/rpc.md`: methods and events of the gateway protocol. */
import { laterMethods } from "../../../packages/openclaw/src/gateway/_socket/not-available.ts";
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
  readonly open?: boolean;
  readonly scopeFor?: unknown;
}

interface GatewayEvent {
  readonly name: string;
  readonly scope: string;
  readonly summary: string;
  readonly subscription?: string;
  readonly droppable?: unknown;
  readonly payload: Schema;
}

const SCOPES = `A connection holds scopes; a method asks for one. \`operator.write\` includes \`operator.read\` and \`operator.talk\`, \`operator.admin\` includes every other \`operator.*\`. The scope is checked before anything else: without it the answer is \`FORBIDDEN\` with \`details.missingScope\`. Parameters that a method does not know are refused with \`INVALID_REQUEST\`, every problem in one message, unless it says that it ignores them.`;

export function rpcPage(methods: readonly Item[], events: readonly Item[]): string {
  const intro = "Methods that clients call and events that the gateway sends, over the WebSocket of its port.";
  const all = byName(methods as unknown as Method[]);
  const sent = byName(events as unknown as GatewayEvent[]);
  return page("Gateway protocol", intro, [
    SCOPES,
    "## Overview",
    table(
      ["Method", "Scope", ""],
      all.map(({ name, scope, summary }) => [link(name), scopeName(scope), cell(firstSentence(summary))]),
    ),
    table(
      ["Event", "For", ""],
      sent.map((event) => [link(event.name), audience(event), cell(firstSentence(event.summary))]),
    ),
    "## Methods",
    ...all.map(methodPart),
    "## Events",
    ...sent.map(eventPart),
    "## Methods of later versions",
    "Known to the protocol, not to this version: the answer is `UNAVAILABLE` with `details.code` = `METHOD_NOT_AVAILABLE`. They are not announced in the greeting.",
    table(
      ["Scope", "Methods"],
      laterMethods().map(([scope, names]) => [scopeName(scope), names.map(code).join(" ")]),
    ),
  ]);
}

function methodPart({ name, scope, scopeFor, summary, params, result, hidden, open }: Method): string {
  const asks = scopeFor === undefined ? scopeName(scope) : `${scopeName(scope)}, for some parameters another`;
  return [
    `### \`${name}\``,
    sentences(
      summary,
      `Scope: ${asks}`,
      open ? "Ignores parameters that it does not know" : "",
      hidden ? "Not announced in the greeting" : "",
    ),
    fields("Parameter", params),
    fields("Result", result) || whole(result),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function eventPart(event: GatewayEvent): string {
  const { name, summary, droppable, payload } = event;
  const lossy = droppable === undefined || droppable === false ? "" : "May be left out for a connection that is slow";
  return [`### \`${name}\``, sentences(summary, `For: ${audience(event)}`, lossy), fields("Field", payload)]
    .filter(Boolean)
    .join("\n\n");
}

/** Who receives an event. */
function audience({ scope, subscription }: GatewayEvent): string {
  if (scope === "all") return "every connection";
  if (scope === "target") return "the connection that it is meant for";
  if (subscription === "sessions") return `${code(scope)} after ${code("sessions.subscribe")}`;
  if (subscription === "messages") return `${code(scope)} after ${code("sessions.messages.subscribe")}`;
  return code(scope);
}

function scopeName(scope: string): string {
  if (scope === "none") return "any connection";
  return scope === "node" ? "nodes" : code(scope);
}

/** A result without fields of its own; nothing for one that is free. */
function whole(result: Schema): string {
  const said = phrase(result);
  return said === "anything" || said === "map of anything" || said === "object" ? "" : `Result: ${said}.`;
}

function link(name: string): string {
  return `[${code(name)}](#${name.toLowerCase().replace(/[^a-z0-9_-]/g, "")})`;
}

function firstSentence(text: string): string {
  return text.split(/(?<=[.!?])\s/)[0] ?? text;
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
