/**
 * The kinds of settings that sections are made of, so that a duration or a list of senders is checked and
 * described the same everywhere. A name with `maybe` is absent when the file leaves it out; the others are
 * filled from the default that they are given.
 */
import { SecretText } from "./secret.ts";
import { Type, choice, closed, defaulted, type TSchema } from "./schema.ts";

type Limits = Readonly<Record<string, unknown>>;

export const flag = (byDefault: boolean, description: string) =>
  defaulted(Type.Boolean({ default: byDefault, description }));
export const maybeFlag = (description: string) => Type.Optional(Type.Boolean({ description }));

export const text = (byDefault: string, description: string, limits: Limits = {}) =>
  defaulted(Type.String({ default: byDefault, description, ...limits }));
export const maybeText = (description: string, limits: Limits = {}) =>
  Type.Optional(Type.String({ description, ...limits }));

/** A whole number, not below 0 unless the limits say so. */
export const whole = (byDefault: number, description: string, limits: Limits = {}) =>
  defaulted(Type.Integer({ minimum: 0, default: byDefault, description, ...limits }));
export const maybeWhole = (description: string, limits: Limits = {}) =>
  Type.Optional(Type.Integer({ minimum: 0, description, ...limits }));

/** Any number, not below 0 unless the limits say so. */
export const amount = (byDefault: number, description: string, limits: Limits = {}) =>
  defaulted(Type.Number({ minimum: 0, default: byDefault, description, ...limits }));
export const maybeAmount = (description: string, limits: Limits = {}) =>
  Type.Optional(Type.Number({ minimum: 0, description, ...limits }));

const PORT = { minimum: 1, maximum: 65_535 };
export const port = (byDefault: number, description: string) => whole(byDefault, description, PORT);
export const maybePort = (description: string) => maybeWhole(description, PORT);

/** One of several words. */
export const pick = <const V extends readonly string[]>(values: V, byDefault: V[number], description: string) =>
  defaulted(choice(values, { default: byDefault, description }));
export const maybePick = <const V extends readonly string[]>(values: V, description: string) =>
  Type.Optional(choice(values, { description }));

export const words = (byDefault: readonly string[], description: string) =>
  defaulted(Type.Array(Type.String(), { default: [...byDefault], description }));
export const maybeWords = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));

export const listOf = <S extends TSchema>(item: S, description: string) =>
  defaulted(Type.Array(item, { default: [], description }));
export const maybeListOf = <S extends TSchema>(item: S, description: string) =>
  Type.Optional(Type.Array(item, { description }));

/** Values by a name of the user's choice. */
export const mapOf = <S extends TSchema>(value: S, description: string) =>
  defaulted(Type.Record(Type.String(), value, { default: {}, description }));
export const maybeMapOf = <S extends TSchema>(value: S, description: string) =>
  Type.Optional(Type.Record(Type.String(), value, { description }));

/** An object that is there, with its defaults, even when the file leaves it out. */
export const part = <P extends Record<string, TSchema>>(properties: P, description: string) =>
  defaulted(closed(properties, { default: {}, description }));
export const maybePart = <P extends Record<string, TSchema>>(properties: P, description: string) =>
  Type.Optional(closed(properties, { description }));

/** `true`, `false`, or left to the program. */
export const maybeFlagOrAuto = (description: string) =>
  Type.Optional(Type.Union([Type.Boolean(), Type.Literal("auto")], { description }));

const DURATION = [
  { type: "string", pattern: "^\\d+(\\.\\d+)?(ms|s|m|h|d)?$" },
  { type: "number", minimum: 0 },
];
/** `90s`, `30m`, `2h`; the description names the unit of a bare number. */
export const maybeDuration = (description: string) =>
  Type.Optional(Type.Unsafe<string | number>({ anyOf: DURATION, description }));
export const duration = (byDefault: string | number, description: string) =>
  defaulted(Type.Unsafe<string | number>({ anyOf: DURATION, default: byDefault, description }));

const BYTES = [
  { type: "string", pattern: "^\\d+(\\.\\d+)? ?([kKmMgGtT]?[bB])?$" },
  { type: "integer", minimum: 0 },
];
/** A number of bytes, or `"2mb"`. */
export const maybeBytes = (description: string) =>
  Type.Optional(Type.Unsafe<string | number>({ anyOf: BYTES, description }));
export const bytes = (byDefault: string | number, description: string) =>
  defaulted(Type.Unsafe<string | number>({ anyOf: BYTES, default: byDefault, description }));

/** A sender or chat: text, or a number in the file that is read as text. */
export const Peer = Type.Unsafe<string>({
  anyOf: [{ type: "string" }, { type: "integer" }],
  readAs: "string",
  description: "Sender or chat",
});
export const peers = (description: string) => defaulted(Type.Array(Peer, { default: [], description }));
export const maybePeers = (description: string) => Type.Optional(Type.Array(Peer, { description }));

/** `provider/model`, an alias, or a model with those that stand in for it. */
export const maybeModel = (description: string) =>
  Type.Optional(
    Type.Union([Type.String({ minLength: 1 }), closed({ primary: maybeText(""), fallbacks: maybeWords("") })], {
      description,
    }),
  );

/** A secret as text, or a reference to where it is kept. */
export const maybeSecret = (description: string) => Type.Optional(Type.Union([...SecretText.anyOf], { description }));

/** Values that the part they belong to checks itself. */
export const maybeAnything = (description: string) => Type.Optional(Type.Unknown({ description }));
export const maybeSettings = (description: string) => maybeMapOf(Type.Unknown(), description);

/**
 * The same shape without its defaults, for places that overlay another: what they leave out stays out. The
 * type is that of the values as they stand in the file.
 */
export function withoutDefaults(schema: TSchema) {
  return Type.Unsafe<Record<string, unknown>>(strip(schema as unknown as Shape) as TSchema);
}

type Shape = { readonly [keyword: string]: unknown };

function strip({ default: _, ...schema }: Shape): Shape {
  const each = (shapes: unknown) =>
    Object.fromEntries(Object.entries(shapes as Record<string, Shape>).map(([key, shape]) => [key, strip(shape)]));
  return {
    ...schema,
    ...(schema["properties"] ? { properties: each(schema["properties"]) } : {}),
    ...(schema["patternProperties"] ? { patternProperties: each(schema["patternProperties"]) } : {}),
    ...(schema["items"] ? { items: strip(schema["items"] as Shape) } : {}),
    ...(Array.isArray(schema["anyOf"]) ? { anyOf: (schema["anyOf"] as Shape[]).map(strip) } : {}),
    ...(isShape(schema["additionalProperties"]) ? { additionalProperties: strip(schema["additionalProperties"]) } : {}),
  };
}

function isShape(value: unknown): value is Shape {
  return value !== null && typeof value === "object";
}
