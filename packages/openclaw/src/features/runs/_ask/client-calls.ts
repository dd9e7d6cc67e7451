/** Calls of the caller's tools while the model writes them: `{index, id, name}` once, then `{index, delta}`. */
import type { RunEmitter } from "../_record/emitter.ts";

export class ClientCalls {
  readonly #emitter: RunEmitter;
  readonly #names: ReadonlySet<string>;
  /** Index of the newest call by id. */
  readonly #begun = new Map<string, number>();
  #next = 0;

  constructor(emitter: RunEmitter, names: ReadonlySet<string>) {
    this.#emitter = emitter;
    this.#names = names;
  }

  /** Whether it is a call that is shown. */
  begin({ id, name }: { readonly id: string; readonly name: string }): boolean {
    if (!this.#names.has(name)) return false;
    this.#begun.set(id, this.#next);
    this.#emitter.emit("call", { index: this.#next, id, name });
    this.#next += 1;
    return true;
  }

  extend({ id, delta }: { readonly id: string; readonly delta: string }): void {
    const index = this.#begun.get(id);
    if (index !== undefined) this.#emitter.emit("call", { index, delta });
  }
}
