/** Step 5 of loading: `${VAR}` in string values. */
import type { Env } from "../../../base/env.ts";
import type { Segment } from "../_path.ts";

const REFERENCE = /\$(\$\{[A-Z_][A-Z0-9_]*\})|\$\{([A-Z_][A-Z0-9_]*)\}/g;

export interface MissingVariable {
  readonly path: readonly Segment[];
  readonly variable: string;
}

export interface Substituted {
  readonly value: unknown;
  readonly missing: readonly MissingVariable[];
}

/**
 * Replaces every `${VAR}` by the variable's value and `$${VAR}` by the text `${VAR}`. What was put in is
 * not looked at again. A variable that is unset or empty is reported and its reference stays.
 */
export function substitute(root: unknown, env: Env): Substituted {
  const missing: MissingVariable[] = [];
  const walk = (value: unknown, path: readonly Segment[]): unknown => {
    if (typeof value === "string")
      return value.includes("${") ? inText(value, env, (variable) => missing.push({ path, variable })) : value;
    if (Array.isArray(value)) return value.map((item, at) => walk(item, [...path, at]));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return { value: walk(root, []), missing };
}

/** Whether the text is exactly one reference: it names a secret without being one. */
export function isReference(text: string): boolean {
  return /^\$\{[A-Z_][A-Z0-9_]*\}$/.test(text);
}

function inText(text: string, env: Env, onMissing: (variable: string) => void): string {
  return text.replace(REFERENCE, (whole, literal: string | undefined, variable: string) => {
    if (literal !== undefined) return literal;
    const value = env[variable];
    if (value) return value;
    onMissing(variable);
    return whole;
  });
}
