/** Tools as the model is offered them. */
import type { ToolSchema } from "../../../contracts/model.ts";
import type { TSchema } from "../../../contracts/schema.ts";
import type { Tool } from "../../../contracts/tool.ts";

/**
 * In the order given. Limits of length, and what goes without saying, are left out: calls are held against the whole
 * schema anyway. `brief`: one line each, and parameters by their names and types only.
 */
export function schemasOf(tools: readonly Tool[], brief: boolean): readonly ToolSchema[] {
  return tools.map(({ name, summary, description, params }) => ({
    name,
    description: brief ? summary : description,
    parameters: brief ? remembered(briefly, params, BRIEF) : remembered(usually, params, LIMITS),
  }));
}

const sizes = new WeakMap<TSchema, { readonly chars: number; readonly bytes: number }>();

/** How long a tool is as JSON. */
export function sizeOf({ name, description, parameters }: ToolSchema): {
  readonly chars: number;
  readonly bytes: number;
} {
  let size = sizes.get(parameters);
  if (size === undefined) {
    const text = JSON.stringify(parameters);
    sizes.set(parameters, (size = { chars: text.length, bytes: Buffer.byteLength(text) }));
  }
  const rest = JSON.stringify({ name, description, parameters: 0 });
  return { chars: size.chars + rest.length - 1, bytes: size.bytes + Buffer.byteLength(rest) - 1 };
}

const LIMITS: ReadonlySet<string> = new Set(["minLength", "maxLength", "minItems", "maxItems", "$comment"]);
const BRIEF: ReadonlySet<string> = new Set([...LIMITS, "description", "title", "default", "examples"]);
/** Data, not schemas. */
const LITERAL: ReadonlySet<string> = new Set(["enum", "const", "required", "examples", "default"]);
/** Schemas by names that people chose: a parameter may itself be called `description`. */
const BY_NAME: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions"]);

const usually = new WeakMap<TSchema, TSchema>();
const briefly = new WeakMap<TSchema, TSchema>();

/** Made once for each tool: the same object, and the same bytes, in every turn. */
function remembered(known: WeakMap<TSchema, TSchema>, schema: TSchema, without: ReadonlySet<string>): TSchema {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const made = stripped(schema, without) as TSchema;
  known.set(schema, made);
  return made;
}

/** A JSON Schema without some of its keywords. */
function stripped(schema: unknown, without: ReadonlySet<string>): unknown {
  if (Array.isArray(schema)) return schema.map((one) => stripped(one, without));
  if (schema === null || typeof schema !== "object") return schema;
  const kept = Object.entries(schema).filter(([key, value]) => !without.has(key) && !isTacit(key, value));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (LITERAL.has(key)) return [key, value];
      return [key, BY_NAME.has(key) ? eachStripped(value, without) : stripped(value, without)];
    }),
  );
}

/** Nobody counts from below nothing, or makes up parameters, for want of being told not to. */
function isTacit(key: string, value: unknown): boolean {
  return key === "additionalProperties" ? value === false : key === "minimum" && (value === 0 || value === 1);
}

function eachStripped(schemas: unknown, without: ReadonlySet<string>): unknown {
  if (schemas === null || typeof schemas !== "object") return schemas;
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, stripped(schema, without)]));
}
