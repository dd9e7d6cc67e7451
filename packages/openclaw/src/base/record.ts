/** Values of unknown shape, from files and from other programs. */

export type Loose = Readonly<Record<string, unknown>>;

/** An object with keys; not null, not an array. */
export function isRecord(value: unknown): value is Loose {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The object, or one without keys for everything else. */
export function record(value: unknown): Loose {
  return isRecord(value) ? value : {};
}
