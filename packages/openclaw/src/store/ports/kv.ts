/** Small values that need no table of their own, in spaces. */

export interface Kv {
  get(space: string, key: string): Promise<string | undefined>;
  set(space: string, key: string, value: string): Promise<void>;
  delete(space: string, key: string): Promise<void>;
  list(space: string): Promise<{ key: string; value: string }[]>;
}
