/**
 * Schemas are TypeBox, that is JSON Schema with types. `problems` checks a value and reports every
 * problem in the wording that gateway clients know.
 */
import Type, { type Static, type TSchema } from "typebox";
import Value from "typebox/value";

export { Type };
export type { Static, TSchema };

export interface Problem {
  /** `/sessionKey`, `/agents/list/0/id`, or `` for the root. JSON pointer. */
  readonly pointer: string;
  /** `must be string`, `must have required property 'x'`, `unexpected property 'y'`. */
  readonly message: string;
}

/** Every problem of `value` against `schema`; empty when it fits. At most `limit` are reported. */
export function problems(schema: TSchema, value: unknown, limit = 20): Problem[] {
  if (Value.Check(schema, value)) return [];
  const found: Problem[] = [];
  for (const error of Value.Errors(schema, value)) {
    for (const problem of translate(error)) {
      if (found.length < limit && !found.some((p) => p.pointer === problem.pointer && p.message === problem.message))
        found.push(problem);
    }
  }
  return found;
}

/** Whether `value` fits `schema`. */
export function fits<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  return Value.Check(schema, value);
}

/** `at /limit: must be >= 1; at root: unexpected property 'nope'`. */
export function describeProblems(list: readonly Problem[]): string {
  return list
    .map((p) =>
      p.message.startsWith("must have required property") && p.pointer === ""
        ? p.message
        : `at ${p.pointer === "" ? "root" : p.pointer}: ${p.message}`,
    )
    .join("; ");
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

function translate(error: SchemaError): Problem[] {
  const pointer = error.instancePath;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "required":
      return names(params["requiredProperties"]).map((name) => ({
        pointer,
        message: `must have required property '${name}'`,
      }));
    case "additionalProperties":
    case "unevaluatedProperties":
      return names(params["additionalProperties"] ?? params["unevaluatedProperties"]).map((name) => ({
        pointer,
        message: `unexpected property '${name}'`,
      }));
    case "boolean":
      return [];
    case "maxLength":
      return [{ pointer, message: `must not have more than ${String(params["limit"])} characters` }];
    case "minLength":
      return [{ pointer, message: `must not have fewer than ${String(params["limit"])} characters` }];
    case "minItems":
      return [{ pointer, message: `must not have fewer than ${String(params["limit"])} items` }];
    case "maxItems":
      return [{ pointer, message: `must not have more than ${String(params["limit"])} items` }];
    case "enum":
      return [{ pointer, message: "must be equal to one of the allowed values" }];
    default:
      return [{ pointer, message: error.message }];
  }
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/*
 * The product declares thousands of keys and pays for each at every start. TypeBox copies a schema each time
 * something is said about it, so the three below write the JSON Schema themselves.
 */

/** How TypeBox marks what may be left out; not enumerable, so that it is no part of the JSON Schema. */
const OPTIONAL = "~optional";

/** One of several strings, as a JSON Schema `enum`. */
export function choice<const V extends readonly string[]>(values: V, options: Record<string, unknown> = {}) {
  return { type: "string", enum: [...values], ...options } as unknown as Type.TUnsafe<V[number]>;
}

/** An object that refuses unknown keys. */
export function closed<P extends Record<string, TSchema>>(properties: P, options: Record<string, unknown> = {}) {
  const required = Object.keys(properties).filter((key) => !(OPTIONAL in (properties[key] ?? {})));
  return {
    type: "object",
    ...(required.length > 0 ? { required } : {}),
    properties,
    additionalProperties: false,
    ...options,
  } as unknown as Type.TObject<P>;
}

/**
 * A key that may be left out of the file and is then filled from its `default`: optional in the
 * schema, always present in the value. Nested objects use `default: {}` and are filled inside.
 */
export function defaulted<S extends TSchema>(schema: S): S {
  if (!("default" in schema)) throw new Error("a defaulted schema needs a default");
  return optional({ ...schema }) as unknown as S;
}

/** Marks a schema of one's own making as one that may be left out. Changes it instead of copying it. */
export function optional<S extends TSchema>(schema: S): Type.TOptional<S> {
  return Object.defineProperty(schema, OPTIONAL, { value: true }) as unknown as Type.TOptional<S>;
}
