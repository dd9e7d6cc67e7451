/**
 * JSON Schema → the subset of OpenAPI schemas that Google's models take for functions and answers.
 * Source: https://ai.google.dev/api/caching#Schema. What the subset has no word for is left out: a wider schema is
 * checked again when the call arrives, a refused one ends the turn.
 */
import { isRecord } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";

/** Keywords that mean the same in both. */
const SAME = [
  "description",
  "title",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
];
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: ["date-time"],
  number: ["float", "double"],
  integer: ["int32", "int64"],
};
/** Depth of references and nesting that is followed; what lies deeper may be anything. */
const DEEPEST = 24;

const ANYTHING = {
  anyOf: [
    { type: "string" },
    { type: "number" },
    { type: "boolean" },
    { type: "object" },
    { type: "array", items: { type: "string" } },
  ],
};

/** Undefined for an object of which no property is known: a function then has no parameters. */
export function geminiSchema(schema: unknown): Loose | undefined {
  const root = isRecord(schema) ? schema : {};
  const converted = convert(root, { root, depth: 0, within: [] });
  return converted["type"] === "object" && !("properties" in converted) ? undefined : converted;
}

interface Place {
  readonly root: Loose;
  readonly depth: number;
  /** References that are being followed. */
  readonly within: readonly string[];
}

function convert(given: unknown, place: Place): Loose {
  if (!isRecord(given) || place.depth > DEEPEST) return ANYTHING;
  const inner: Place = { ...place, depth: place.depth + 1 };
  const reference = given["$ref"];
  if (typeof reference === "string") return followed(reference, given, inner);
  if (Array.isArray(given["allOf"])) return convert(together(given, given["allOf"]), inner);
  const choices = given["anyOf"] ?? given["oneOf"];
  if (Array.isArray(choices)) return oneOf(given, choices, inner);
  const type = given["type"];
  if (Array.isArray(type)) {
    const { type: _, ...rest } = given;
    return oneOf(
      {},
      type.map((each: unknown) => ({ ...rest, type: each })),
      inner,
    );
  }
  return plain(given, inner);
}

function followed(reference: string, given: Loose, place: Place): Loose {
  const found = place.within.includes(reference) ? undefined : resolved(reference, place.root);
  const described = picked(given, ["description"]);
  if (found === undefined) return { type: "object", ...described };
  return { ...convert(found, { ...place, within: [...place.within, reference] }), ...described };
}

/** `#/$defs/Name`: references inside the schema only. */
function resolved(reference: string, root: Loose): Loose | undefined {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let at: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    at = isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return isRecord(at) ? at : undefined;
}

/** All at once: properties and requirements of every part. */
function together({ allOf: _, ...own }: Loose, parts: readonly unknown[]): Loose {
  const all = [own, ...parts.filter(isRecord)];
  const properties = Object.assign({}, ...all.map((part) => part["properties"])) as Loose;
  const required = all.flatMap((part) => (Array.isArray(part["required"]) ? part["required"] : []));
  return {
    ...(Object.assign({}, ...all) as Loose),
    ...(Object.keys(properties).length > 0 && { type: "object", properties }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}

function oneOf(given: Loose, choices: readonly unknown[], place: Place): Loose {
  const some = choices.filter((choice) => !isNull(choice));
  const extras = { ...picked(given, ["description"]), ...(some.length < choices.length && { nullable: true }) };
  const words = some.flatMap((choice) => wordsOf(choice) ?? []);
  if (words.length > 0 && some.every((choice) => wordsOf(choice) !== undefined))
    return { type: "string", enum: words, ...extras };
  const converted = some.map((choice) => convert(choice, place));
  if (converted.length === 0) return { type: "string", ...extras };
  return converted.length === 1 ? { ...converted[0], ...extras } : { anyOf: converted, ...extras };
}

function isNull(schema: unknown): boolean {
  return isRecord(schema) && (schema["type"] === "null" || schema["const"] === null);
}

/** The texts that a schema allows, when it allows nothing else. */
function wordsOf(schema: unknown): readonly string[] | undefined {
  if (!isRecord(schema)) return undefined;
  const values = "const" in schema ? [schema["const"]] : schema["enum"];
  return Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === "string")
    ? values
    : undefined;
}

function plain(given: Loose, place: Place): Loose {
  const type = typeOf(given);
  if (type === undefined) return { ...ANYTHING, ...picked(given, ["description"]) };
  const words = type === "string" ? wordsOf(given) : undefined;
  const format = given["format"];
  return {
    type,
    ...picked(given, SAME),
    ...limits(given, type),
    ...(words && { enum: words }),
    ...(given["nullable"] === true && { nullable: true }),
    ...(typeof format === "string" && FORMATS[type]?.includes(format) && { format }),
    ...(type === "array" && { items: "items" in given ? convert(given["items"], place) : { type: "string" } }),
    ...(type === "object" && fields(given, place)),
  };
}

function typeOf({ type, properties, items, enum: values, const: value }: Loose): string | undefined {
  if (typeof type === "string") return type.toLowerCase();
  if (isRecord(properties)) return "object";
  if (items !== undefined) return "array";
  const sample: unknown = Array.isArray(values) ? values[0] : value;
  return ["string", "number", "boolean"].find((name) => typeof sample === name);
}

/** Open bounds become closed ones where whole numbers allow it. */
function limits({ exclusiveMinimum: above, exclusiveMaximum: below }: Loose, type: string): Loose {
  if (type !== "integer") return {};
  return {
    ...(typeof above === "number" && { minimum: Math.floor(above) + 1 }),
    ...(typeof below === "number" && { maximum: Math.ceil(below) - 1 }),
  };
}

/** The vendor refuses an object with an empty list of properties, and a requirement for what is none of them. */
function fields({ properties, required }: Loose, place: Place): Loose {
  const names = isRecord(properties) ? Object.keys(properties) : [];
  if (!isRecord(properties) || names.length === 0) return {};
  const wanted = Array.isArray(required) ? required.filter((name) => names.includes(name as string)) : [];
  return {
    properties: Object.fromEntries(names.map((name) => [name, convert(properties[name], place)])),
    ...(wanted.length > 0 && { required: wanted }),
  };
}

function picked(given: Loose, keywords: readonly string[]): Loose {
  return Object.fromEntries(keywords.filter((word) => given[word] !== undefined).map((word) => [word, given[word]]));
}
