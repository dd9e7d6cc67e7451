/** JSON Schema as people read it: one row per key, one phrase per type. */

/** As much of JSON Schema as the contracts use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** One documented key. */
export interface Row {
  /** Dotted; `[]` stands for an item of a list, `*` for any key. */
  readonly key: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** Every key below a schema of any kind: of its items, its values, its variants. The place itself is ``. */
export function below(schema: Schema, key: string): Row[] {
  if (schema.properties) return nested(schema, key);
  return [{ key, schema, required: false }, ...nested(schema, key)];
}

/** Every key of an object schema, depth first, in the order of declaration. */
export function rows(schema: Schema, prefix = ""): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    const own: Row = { key, schema: property, required: schema.required?.includes(name) ?? false };
    return [own, ...nested(property, key)];
  });
}

function nested(schema: Schema, key: string): Row[] {
  if (isReference(schema)) return [];
  const variants = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  const members = recordOf(schema);
  return [
    ...rows(schema, key),
    ...(schema.items ? nested(schema.items, `${key}[]`) : []),
    ...(members ? nested(members, key === "" ? "*" : `${key}.*`) : []),
    ...variants.flatMap((variant) => nested(variant, key)),
  ];
}

/** A phrase for the type: `string`, `"a" | "b"`, `integer 1–65535`, `list of string`, `map of object`. */
export function phrase(schema: Schema): string {
  const variants = schema.anyOf ?? schema.oneOf;
  if (isReference(schema)) return "reference to a secret";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (variants) return [...new Set(variants.map(phrase))].join(" | ");
  if (schema.type === "array") return `list of ${schema.items ? phrase(schema.items) : "anything"}`;
  const members = recordOf(schema);
  if (members) return `map of ${phrase(members)}`;
  if (schema.type === undefined) return schema.properties ? "object" : "anything";
  return [String(schema.type), range(schema)].filter(Boolean).join(" ");
}

/** `{ source, provider, id }`: where a secret is kept. */
function isReference({ properties }: Schema): boolean {
  return properties !== undefined && Object.keys(properties).join() === "source,provider,id";
}

/** The schema of the values of an object with free keys. */
function recordOf(schema: Schema): Schema | undefined {
  if (schema.patternProperties) return Object.values(schema.patternProperties)[0];
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

function range({ minimum, maximum }: Schema): string {
  if (minimum === undefined && maximum === undefined) return "";
  if (maximum === undefined) return `≥ ${minimum}`;
  return minimum === undefined ? `≤ ${maximum}` : `${minimum}–${maximum}`;
}
