/** Reading options that commander gives as text. */
import { isRecord } from "../base/record.ts";
import { errors } from "./errors.ts";

type Options = Readonly<Record<string, unknown>>;

export function textOf(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A whole number within limits. Throws `CLI_USAGE` naming the flag for anything else. */
export function numberOf(
  options: Options,
  name: string,
  { min = 1, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {},
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
  throw errors.CLI_USAGE({ problem: `${flag} must be a whole number, ${range}.`, help: "openclaw <command> --help" });
}

export function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
