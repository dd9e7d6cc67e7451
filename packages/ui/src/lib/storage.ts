/** Small values kept by the browser. Where storage is refused the page works without memory. */
export interface Keeper {
  get(key: string): string | undefined;
  set(key: string, value: string | undefined): void;
}

export function keeper(storage: () => Storage, prefix = "openclaw."): Keeper {
  return {
    get: (key) => {
      try {
        return storage().getItem(prefix + key) ?? undefined;
      } catch {
        return undefined;
      }
    },
    set: (key, value) => {
      try {
        if (value === undefined || value === "") storage().removeItem(prefix + key);
        else storage().setItem(prefix + key, value);
      } catch {
        // Full or refused: nothing to be done, nothing lost but a convenience.
      }
    },
  };
}
