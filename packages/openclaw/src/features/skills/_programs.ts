/**
 * Programs on PATH, looked up without starting anything. What was found is kept while the folders of PATH
 * stay as they are, which is looked at every few seconds at most.
 */
import { delimiter, isAbsolute, join } from "node:path";
import { platform as system } from "node:process";
import type { Env } from "../../base/env.ts";
import { info } from "../../base/files.ts";
import type { Clock } from "../../base/time.ts";

const LOOK_MS = 5000;
const MAX_KNOWN = 2000;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}$/;
/** Where a service without a PATH finds programs. */
const BASELINE = "/usr/local/bin:/usr/bin:/bin";

export class Programs {
  readonly #clock: Clock;
  readonly #env: Env;
  #stamp = "";
  #lookedAt = Number.NEGATIVE_INFINITY;
  #version = 0;
  readonly #known = new Map<string, boolean>();

  constructor({ clock, env }: { readonly clock: Clock; readonly env: Env }) {
    this.#clock = clock;
    this.#env = env;
  }

  /** Rises when programs may have come or gone. `more` are folders before PATH, absolute. */
  async version(more: readonly string[]): Promise<number> {
    const folders = this.#folders(more);
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt < LOOK_MS && this.#stamp.startsWith(`${folders.join(delimiter)}\n`)) return this.#version;
    this.#lookedAt = now;
    const times = await Promise.all(
      folders.map(async (folder) => (await info(folder).catch(() => undefined))?.mtimeMs),
    );
    const stamp = `${folders.join(delimiter)}\n${times.join(" ")}`;
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#version += 1;
      this.#known.clear();
    }
    return this.#version;
  }

  /** Which of the names can be started. A name with a path in it cannot. */
  async find(names: Iterable<string>, more: readonly string[]): Promise<ReadonlySet<string>> {
    const wanted = new Set(names);
    const folders = this.#folders(more);
    await Promise.all(
      [...wanted].map(async (name) => {
        if (this.#known.has(name)) return;
        const found = NAME.test(name) && (await this.#look(name, folders));
        if (this.#known.size < MAX_KNOWN) this.#known.set(name, found);
      }),
    );
    return new Set([...wanted].filter((name) => this.#known.get(name) === true));
  }

  async #look(name: string, folders: readonly string[]): Promise<boolean> {
    const endings = system === "win32" ? ["", ...(this.#env["PATHEXT"] ?? ".EXE;.CMD;.BAT").split(";")] : [""];
    for (const folder of folders) {
      for (const ending of endings) {
        const there = await info(join(folder, name + ending)).catch(() => undefined);
        if (there?.isFile === true && (system === "win32" || (there.mode & 0o111) !== 0)) return true;
      }
    }
    return false;
  }

  #folders(more: readonly string[]): readonly string[] {
    const path = this.#env["PATH"] ?? "";
    return [...new Set([...more, ...(path === "" ? BASELINE : path).split(delimiter)])].filter(isAbsolute);
  }
}
