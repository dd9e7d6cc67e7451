/** One schema for the whole file, put together from the sections. */
import type { ConfigSection } from "../../../contracts/config.ts";

/** A JSON Schema as data. */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * The root schema: a closed object in which every section stands at its path. A section below another
 * (`channels.telegram` below `channels`) becomes a further property of it; a parent that nobody declared
 * is a closed object. Sections that are objects are there even when the file leaves them out.
 */
export function composeSchema(sections: readonly ConfigSection[]): Schema {
  const shallowFirst = sections.toSorted((a, b) => depth(a.path) - depth(b.path));
  const properties: Record<string, Schema> = {};
  for (const { path, schema } of shallowFirst) {
    const [key = "", ...rest] = path.split(".");
    properties[key] = placed(properties[key], rest, schema as unknown as Schema);
  }
  return { ...emptyObject(), properties };
}

/** Properties of an object schema; none for other schemas. */
export function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
}

/** The schema of values under `key`, by name, by pattern or as list item; undefined where nothing may stand. */
export function childSchema(schema: Schema, key: string | number): Schema | undefined {
  if (Array.isArray(schema["anyOf"])) {
    for (const branch of schema["anyOf"] as Schema[]) {
      const found = childSchema(branch, key);
      if (found) return found;
    }
    return undefined;
  }
  const properties = propertiesOf(schema);
  if (Object.hasOwn(properties, key)) return properties[key];
  const items = schema["items"];
  if (/^\d+$/.test(String(key)) && items !== undefined && !Array.isArray(items)) return items as Schema;
  const patterns = Object.values((schema["patternProperties"] ?? {}) as Readonly<Record<string, Schema>>);
  if (patterns[0]) return patterns[0];
  return typeof schema["additionalProperties"] === "object" ? (schema["additionalProperties"] as Schema) : undefined;
}

function place(node: Schema, path: readonly string[], schema: Schema): Schema {
  const [key, ...rest] = path;
  if (key === undefined)
    return asSection({ ...schema, properties: { ...propertiesOf(node), ...propertiesOf(schema) } });
  const properties = propertiesOf(node);
  const child = Object.hasOwn(properties, key) ? properties[key] : undefined;
  return { ...node, properties: { ...properties, [key]: placed(child, rest, schema) } };
}

function placed(child: Schema | undefined, path: readonly string[], schema: Schema): Schema {
  return path.length === 0 && schema["type"] !== "object" ? schema : place(child ?? emptyObject(), path, schema);
}

function asSection(schema: Schema): Schema {
  return "default" in schema ? schema : { ...schema, default: {} };
}

function emptyObject(): Schema {
  return { type: "object", properties: {}, additionalProperties: false, default: {} };
}

function depth(path: string): number {
  return path.split(".").length;
}
