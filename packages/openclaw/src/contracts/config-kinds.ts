/**
 * The kinds of settings that sections are made of, so that a duration or a list of senders is checked and
 * described the same everywhere. A name with `maybe` is absent when the file leaves it out; the others are
 * filled from the default that they are given.
 */
import { SecretText } from "./secret.ts";
import { choice, closed, optional, type TSchema, type Type } from "./schema.ts";

type Limits = Readonly<Record<string, unknown>>;
type Text = Type.TString;
type Whole = Type.TInteger;
type Amount = Type.TNumber;
type Flag = Type.TBoolean;
type Maybe<S extends TSchema> = Type.TOptional<S>;

/** A JSON Schema as TypeBox types it. */
const plain = <S extends TSchema>(schema: object) => schema as unknown as S;
const maybe = <S extends TSchema>(schema: object) => optional(plain<S>(schema));
/** May be left out of the file, is always there in the value. */
const filled = <S extends TSchema>(schema: object) => optional(plain<S>(schema)) as unknown as S;

export const flag = (byDefault: boolean, description: string) =>
  filled<Flag>({ type: "boolean", default: byDefault, description });
export const maybeFlag = (description: string) => maybe<Flag>({ type: "boolean", description });

export const text = (byDefault: string, description: string, limits: Limits = {}) =>
  filled<Text>({ type: "string", default: byDefault, description, ...limits });
export const maybeText = (description: string, limits: Limits = {}) =>
  maybe<Text>({ type: "string", description, ...limits });

/** A whole number, not below 0 unless the limits say so. */
export const whole = (byDefault: number, description: string, limits: Limits = {}) =>
  filled<Whole>({ type: "integer", minimum: 0, default: byDefault, description, ...limits });
export const maybeWhole = (description: string, limits: Limits = {}) =>
  maybe<Whole>({ type: "integer", minimum: 0, description, ...limits });

/** Any number, not below 0 unless the limits say so. */
export const amount = (byDefault: number, description: string, limits: Limits = {}) =>
  filled<Amount>({ type: "number", minimum: 0, default: byDefault, description, ...limits });
export const maybeAmount = (description: string, limits: Limits = {}) =>
  maybe<Amount>({ type: "number", minimum: 0, description, ...limits });

const PORT = { minimum: 1, maximum: 65_535 };
export const port = (byDefault: number, description: string) => whole(byDefault, description, PORT);
export const maybePort = (description: string) => maybeWhole(description, PORT);

/** Limits of texts; the hint is what a wrong one is told. */
export const COLOR = { pattern: "^#?[0-9a-fA-F]{6}$", hint: "a colour such as #FF4500" };
export const HTTP_URL = { pattern: "^https?://", hint: "an address that begins with http:// or https://" };

/** One of several words. */
export const pick = <const V extends readonly string[]>(values: V, byDefault: V[number], description: string) =>
  filled<Type.TUnsafe<V[number]>>(choice(values, { default: byDefault, description }));
export const maybePick = <const V extends readonly string[]>(values: V, description: string) =>
  maybe<Type.TUnsafe<V[number]>>(choice(values, { description }));

export const words = (byDefault: readonly string[], description: string) =>
  filled<Type.TArray<Text>>({ type: "array", items: { type: "string" }, default: [...byDefault], description });
export const maybeWords = (description: string) =>
  maybe<Type.TArray<Text>>({ type: "array", items: { type: "string" }, description });

export const listOf = <S extends TSchema>(items: S, description: string, byDefault: readonly Type.Static<S>[] = []) =>
  filled<Type.TArray<S>>({ type: "array", items, default: [...byDefault], description });
export const maybeListOf = <S extends TSchema>(items: S, description: string) =>
  maybe<Type.TArray<S>>({ type: "array", items, description });

/** Values by a name of the user's choice. */
export const mapOf = <S extends TSchema>(value: S, description: string) =>
  filled<Map<S>>({ type: "object", patternProperties: { "^.*$": value }, default: {}, description });
export const maybeMapOf = <S extends TSchema>(value: S, description: string) =>
  maybe<Map<S>>({ type: "object", patternProperties: { "^.*$": value }, description });
type Map<S extends TSchema> = Type.TUnsafe<Record<string, Type.Static<S>>>;

/** An object that is there, with its defaults, even when the file leaves it out. */
export const part = <P extends Record<string, TSchema>>(properties: P, description: string) =>
  filled<Type.TObject<P>>(closed(properties, { default: {}, description }));
export const maybePart = <P extends Record<string, TSchema>>(properties: P, description: string) =>
  maybe<Type.TObject<P>>(closed(properties, { description }));

/** `true`, `false`, or left to the program. */
export const maybeFlagOrAuto = (description: string) =>
  maybe<Type.TUnsafe<boolean | "auto">>({ anyOf: [{ type: "boolean" }, { const: "auto" }], description });
export const flagOrAuto = (description: string) =>
  filled<Type.TUnsafe<boolean | "auto">>({
    anyOf: [{ type: "boolean" }, { const: "auto" }],
    default: "auto",
    description,
  });

type Measure = Type.TUnsafe<string | number>;
const DURATION = [
  { type: "string", pattern: "^\\d+(\\.\\d+)?(ms|s|m|h|d)?$", hint: "a duration such as 90s, 30m or 2h" },
  { type: "number", minimum: 0 },
];
/** `90s`, `30m`, `2h`; the description names the unit of a bare number. */
export const maybeDuration = (description: string) => maybe<Measure>({ anyOf: DURATION, description });
export const duration = (byDefault: string | number, description: string) =>
  filled<Measure>({ anyOf: DURATION, default: byDefault, description });
/** The same, or `false` for never. */
export const durationOrNever = (byDefault: string, description: string) =>
  filled<Type.TUnsafe<string | number | false>>({
    anyOf: [...DURATION, { const: false }],
    default: byDefault,
    description,
  });

const BYTES = [
  { type: "string", pattern: "^\\d+(\\.\\d+)? ?([kKmMgGtT]?[bB])?$", hint: "a size such as 2mb" },
  { type: "integer", minimum: 0 },
];
/** A number of bytes, or `"2mb"`. */
export const maybeBytes = (description: string) => maybe<Measure>({ anyOf: BYTES, description });
export const bytes = (byDefault: string | number, description: string) =>
  filled<Measure>({ anyOf: BYTES, default: byDefault, description });

/** A sender or chat: text, or a number in the file that is read as text. */
export const Peer = plain<Type.TUnsafe<string>>({
  anyOf: [{ type: "string" }, { type: "integer" }],
  readAs: "string",
  description: "Sender or chat",
});
export const peer = (description: string) => plain<Type.TUnsafe<string>>({ ...Peer, description });
export const maybePeer = (description: string) => maybe<Type.TUnsafe<string>>({ ...Peer, description });
export const peers = (description: string) => listOf(Peer, description);
export const maybePeers = (description: string) => maybeListOf(Peer, description);

/** A secret as text, or a reference to where it is kept. */
export const secret = (description: string) => plain<typeof SecretText>({ anyOf: SecretText.anyOf, description });
export const maybeSecret = (description: string) => maybe<typeof SecretText>({ anyOf: SecretText.anyOf, description });

/** Values that the part they belong to checks itself. */
export const maybeSettings = (description: string) => maybeMapOf(plain<Type.TUnknown>({}), description);

/**
 * The same shape without its defaults, for places that overlay another: what they leave out stays out. The
 * type is that of the values as they stand in the file.
 */
export function maybeOverlay(schema: TSchema): Maybe<Type.TUnsafe<Record<string, unknown>>> {
  return maybe(strip(schema as unknown as Shape));
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
