/** How schemas and values are named in messages about configuration. */
import { cut, nearest } from "../../base/text.ts";
import type { Schema } from "./_schema/schema.ts";

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

/** `text`, `a list`, `"token"`, `one of "on", "off"`. */
export function describeSchema(schema: Schema): string {
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"])) return describeEnum(schema["enum"]);
  if (Array.isArray(schema["anyOf"]))
    return [...new Set((schema["anyOf"] as Schema[]).map(describeSchema))].join(" or ");
  return KINDS[String(schema["type"])] ?? "another value";
}

export function describeEnum(allowed: readonly unknown[]): string {
  const listed = allowed.map((each) => JSON.stringify(each));
  return listed.length === 1 ? (listed[0] ?? "") : `one of ${listed.join(", ")}`;
}

/** What stands there, short. Only call it for values that are no secrets: text is shown. */
export function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return "text";
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    return "a number too large to be exact; put it in quotes";
  return String(value);
}

/** The value of an enumerated key as it was written, at most 40 characters. */
export function quoteShort(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(cut(value, 40)) : describeValue(value);
}

/** Whether the value is of the schema's basic type. A schema without one takes everything. */
export function kindFits(schema: Schema, value: unknown): boolean {
  if ("const" in schema) return value === schema["const"];
  switch (schema["type"]) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "integer":
      return Number.isSafeInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return value !== null && typeof value === "object" && !Array.isArray(value);
    default:
      return true;
  }
}

/** Whether an issue is about a key that may not stand where it does. */
export function isUnknownKey({ message }: { readonly message: string }): boolean {
  return message.startsWith(UNKNOWN_KEY);
}

const UNKNOWN_KEY = "unknown key ";

/** The message about a key that may not stand where it does, with the nearest known one. */
export function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `${UNKNOWN_KEY}${JSON.stringify(key)}${near === undefined ? "" : ` (did you mean ${JSON.stringify(near)}?)`}`;
}
