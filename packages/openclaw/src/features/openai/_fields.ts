/** Fields of a request body, read one by one in the wording that clients know. Absent and null are the same. */
import { errors } from "./errors.ts";

export type Json = Readonly<Record<string, unknown>>;

/** The request is refused with this sentence. */
export function invalid(message: string): Error {
  return errors.API_INVALID({ message });
}

export function isObject(value: unknown): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function text(body: Json, name: string): string | undefined {
  return typed(body, name, "string") as string | undefined;
}

export function flag(body: Json, name: string): boolean | undefined {
  return typed(body, name, "boolean") as boolean | undefined;
}

export function number(body: Json, name: string, [least, most]: readonly [number, number]): number | undefined {
  const value = typed(body, name, "number") as number | undefined;
  if (value !== undefined && (value < least || value > most))
    throw invalid(`\`${name}\` must be between ${least} and ${most}.`);
  return value;
}

export function integer(body: Json, name: string, least?: number): number | undefined {
  const value = typed(body, name, "number") as number | undefined;
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value)) throw invalid(`${name}: Invalid input: expected int, received number`);
  if (least !== undefined && value < least) throw invalid(`\`${name}\` must be at least ${least}.`);
  return value;
}

/** A string, or a list of strings that are not empty. */
export function stops(body: Json): readonly string[] | undefined {
  const value = body["stop"] ?? undefined;
  if (value === undefined) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((one) => typeof one === "string"))
    throw invalid("Invalid stop: expected a string or a list of strings");
  if (list.length > 4) throw invalid("Invalid stop: stop supports at most 4 sequences");
  if (list.some((one) => one === "")) throw invalid("Invalid stop: a sequence must not be empty");
  return list as string[];
}

function typed(body: Json, name: string, wanted: "string" | "number" | "boolean"): unknown {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === wanted) return value;
  throw invalid(`${name}: Invalid input: expected ${wanted}, received ${kindOf(value)}`);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "undefined";
  return Array.isArray(value) ? "array" : typeof value;
}
