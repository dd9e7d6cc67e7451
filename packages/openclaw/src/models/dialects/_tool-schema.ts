/** Schemas of tools in the dialect of JSON Schema that a server understands. */
import { isRecord } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import type { Compat } from "../../contracts/model.ts";
import type { TSchema } from "../../contracts/schema.ts";
import { geminiSchema } from "./_schema-gemini.ts";

/** llama.cpp turns schemas into grammars; these it cannot, or only at a great price. */
const NO_GRAMMAR = ["pattern", "format", "minLength", "maxLength", "minItems", "maxItems"];

/** The same object for the same schema and profile: tools stand still, and rewriting them at every call would not. */
const rewritten = new WeakMap<TSchema, Map<string, unknown>>();

/** The schema as it is, unless the model's server wants another dialect or refuses some keywords. */
export function schemaFor(compat: Compat | undefined, schema: TSchema): unknown {
  const profile = compat?.toolSchemaProfile;
  const refused = [...(profile === "llamacpp" ? NO_GRAMMAR : []), ...(compat?.unsupportedToolSchemaKeywords ?? [])];
  if (profile !== "gemini" && refused.length === 0) return schema;
  const key = `${profile}:${refused.join()}`;
  const versions = rewritten.get(schema) ?? new Map<string, unknown>();
  rewritten.set(schema, versions);
  if (!versions.has(key)) {
    const accepted = profile === "gemini" ? (geminiSchema(schema) ?? { type: "object", properties: {} }) : schema;
    versions.set(key, refused.length > 0 ? without(accepted, new Set(refused)) : accepted);
  }
  return versions.get(key);
}

/** Keywords whose values map names to schemas: the names are no keywords. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);

function without(value: unknown, refused: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, refused));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([keyword]) => !refused.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, inner]) => [
      keyword,
      NAMED.has(keyword) && isRecord(inner) ? withoutEach(inner, refused) : without(inner, refused),
    ]),
  );
}

function withoutEach(named: Loose, refused: ReadonlySet<string>): Loose {
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, without(schema, refused)]));
}
