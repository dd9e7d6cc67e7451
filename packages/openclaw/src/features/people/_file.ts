/** Small JSON files of `credentials/` that people and other programs change too. */
import { createExclusive, ensureDir, info, readText, remove, writeDurable } from "../../base/files.ts";
import { dirname } from "node:path";
import { Serial } from "../../base/queue.ts";
import type { Clock } from "../../base/time.ts";
import { errors } from "./errors.ts";

export type Json = Readonly<Record<string, unknown>>;

const MAX_BYTES = 1024 * 1024;
const LOCK_WAIT_MS = 5000;
/** A lock this old was left by a program that died. */
const LOCK_STALE_MS = 10_000;

export class SharedFile {
  readonly path: string;
  readonly #clock: Clock;
  readonly #writes = new Serial();
  #seen: { readonly stamp: string; readonly value: Json } | undefined;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
  }

  /** The content as it is now; `{}` when there is no file. Throws `PEOPLE_FILE_DAMAGED`. */
  async read(): Promise<Json> {
    const found = await info(this.path);
    if (!found) return {};
    const stamp = `${found.mtimeMs}:${found.size}`;
    if (this.#seen?.stamp === stamp) return this.#seen.value;
    const value = await this.#parse();
    this.#seen = { stamp, value };
    return value;
  }

  /**
   * Replaces the content by `change(content)`, alone among all programs that use this function. Fields
   * that `change` does not know must be kept by it. Undefined leaves the file as it is.
   */
  update(change: (content: Json) => Json | undefined): Promise<void> {
    return this.#writes.run(async () => {
      await ensureDir(dirname(this.path));
      await this.#locked(async () => {
        const next = change(await this.#parse());
        if (next !== undefined) await writeDurable(this.path, `${JSON.stringify(next, null, 2)}\n`);
        this.#seen = undefined;
      });
    });
  }

  async #parse(): Promise<Json> {
    const text = await readText(this.path, MAX_BYTES);
    if (text === undefined) return {};
    try {
      const value: unknown = JSON.parse(text);
      if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Json;
    } catch {
      // said below
    }
    throw errors.PEOPLE_FILE_DAMAGED({ path: this.path });
  }

  async #locked(work: () => Promise<void>): Promise<void> {
    const lock = `${this.path}.lock`;
    const until = this.#clock.monotonic() + LOCK_WAIT_MS;
    while (!(await createExclusive(lock, String(process.pid)))) {
      const held = await info(lock);
      if (held && this.#clock.now() - held.mtimeMs > LOCK_STALE_MS) await remove(lock);
      else if (this.#clock.monotonic() > until) throw errors.PEOPLE_FILE_LOCKED({ path: this.path });
      else await this.#clock.sleep(20);
    }
    try {
      await work();
    } finally {
      await remove(lock);
    }
  }
}
