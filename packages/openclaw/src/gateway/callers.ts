/** The connections that are logged in, as features see them. */
import type { Connections } from "../contracts/connections.ts";
import type { Caller } from "../contracts/method.ts";

export class Callers implements Connections {
  readonly #all = new Set<Caller>();

  get size(): number {
    return this.#all.size;
  }

  list(): readonly Caller[] {
    return [...this.#all];
  }

  /** Returns how to take it out again. */
  add(caller: Caller): () => void {
    this.#all.add(caller);
    return () => void this.#all.delete(caller);
  }
}
