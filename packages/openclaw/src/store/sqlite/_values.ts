/** Conversions between rows of SQLite and the shapes of the ports. */

/** JSON text of a value; null for undefined. */
export function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** The value of a JSON column that the ports wrote. */
export function value<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** `{ [name]: value }` of a JSON column, or `{}` where it is null. Typed so that it fits any field, like `value` unchecked. */
export function optional<K extends string>(name: K, text: string | null): { [P in K]?: never } {
  return text === null ? {} : ({ [name]: JSON.parse(text) } as { [P in K]?: never });
}

/** `{ [name]: column }`, or `{}` where it is null. */
export function present<K extends string, T>(name: K, column: T | null): { [P in K]?: T } {
  return column === null ? {} : ({ [name]: column } as { [P in K]?: T });
}

/** A whole number for an INTEGER column: rounded up, 0 for what is no number. */
export function int(number: number): number {
  return Number.isFinite(number)
    ? Math.min(Math.max(Math.ceil(number), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
    : 0;
}
