/** JSON of rows that are read again and again, parsed once for each text that they had. Bounded. */
const MAX_ROWS = 64;

export class Parsed {
  readonly #known = new Map<string, { readonly text: string; readonly value: object }>();

  /** What `text` says, which is the row of `key` now. Frozen: all who read the row share it. */
  of<T extends object>(key: string, text: string): T {
    const known = this.#known.get(key);
    if (known?.text === text) return known.value as T;
    const value = Object.freeze(JSON.parse(text) as T);
    this.#known.delete(key);
    this.#known.set(key, { text, value });
    if (this.#known.size > MAX_ROWS) this.#known.delete(this.#known.keys().next().value ?? "");
    return value;
  }
}
