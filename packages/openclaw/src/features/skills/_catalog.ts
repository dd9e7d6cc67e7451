/**
 * The roots as they were last seen. A root is scanned when it is first asked for, and again after something in
 * it changed; it is watched from then on, so that nothing is watched before a run has used skills.
 */
import { dirname, join } from "node:path";
import { errorText } from "../../base/errors.ts";
import { exists, watchFile, watchFolder } from "../../base/files.ts";
import type { Log } from "../../base/log.ts";
import type { Clock } from "../../base/time.ts";
import type { Root } from "./_roots.ts";
import { SKILL_FILE, scan, type Scan } from "./_scan.ts";

export interface Watching {
  readonly watch: boolean;
  readonly watchDebounceMs: number;
}

interface Known {
  readonly result: Promise<Scan>;
  /** It was asked for. */
  readonly watch: boolean;
  /** Whether no change is missed: it is watched as a whole, or never changes. */
  readonly isSure: () => boolean;
  readonly end: () => void;
}

/** Folders of one root that are watched; those beyond wait for the next conversation. */
const MAX_WATCHED = 400;

export class Catalog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changed: () => void;
  readonly #known = new Map<string, Known>();
  #generation = 0;
  #cancel = () => {};

  /** `changed` is called once things have been quiet for the time that is configured. */
  constructor({ clock, log, changed }: { readonly clock: Clock; readonly log: Log; readonly changed: () => void }) {
    this.#clock = clock;
    this.#log = log;
    this.#changed = changed;
  }

  /** Rises with everything that a scan may show. */
  get generation(): number {
    return this.#generation;
  }

  scan(root: Root, watching: Watching): Promise<Scan> {
    const watch = watching.watch && root.fixed !== true;
    const known = this.#known.get(root.path);
    if (known && known.watch === watch) return known.result;
    known?.end();
    const watchers = new Watchers(this.#log, () => this.#touched(root.path, watching));
    const result = this.#scan(root, watch ? watchers : undefined);
    const isSure = () => root.fixed === true || (watch && watchers.complete);
    this.#known.set(root.path, { result, watch, isSure, end: () => watchers.end() });
    return result;
  }

  /** Whatever may have changed unseen is looked at again when it is next asked for. */
  renew(): void {
    for (const [path, { isSure }] of this.#known) if (!isSure()) this.#drop(path);
  }

  end(): void {
    this.#cancel();
    for (const path of this.#known.keys()) this.#drop(path);
  }

  async #scan(root: Root, watchers: Watchers | undefined): Promise<Scan> {
    if (watchers && (await isAwaited(root.path, watchers))) return { skills: [], problems: [] };
    const result = await scan(root, (folder) => watchers?.folder(folder));
    watchers?.settle(result.skills.map(({ baseDir }) => baseDir));
    for (const { path, reason } of result.problems) this.#log.warn(`a skill is left out: ${path} ${reason}`);
    return result;
  }

  #touched(path: string, { watchDebounceMs }: Watching): void {
    this.#drop(path);
    this.#cancel();
    this.#cancel = this.#clock.timer(watchDebounceMs, this.#changed);
  }

  #drop(path: string): void {
    this.#known.get(path)?.end();
    this.#known.delete(path);
    this.#generation += 1;
  }
}

/** Whether a root is not there, and its coming will be noticed. */
async function isAwaited(path: string, watchers: Watchers): Promise<boolean> {
  if (await exists(path)) return false;
  await watchers.arrival(path);
  return watchers.complete && !(await exists(path));
}

/** The watched folders of one root. The first change ends them: the next scan begins anew. */
class Watchers {
  readonly #log: Log;
  readonly #touched: () => void;
  readonly #ends = new Map<string, () => void>();
  #skills: ReadonlySet<string> = new Set();
  #ended = false;
  #missed = false;

  constructor(log: Log, touched: () => void) {
    this.#log = log;
    this.#touched = touched;
  }

  /** Every folder that was entered is watched. */
  get complete(): boolean {
    return !this.#missed;
  }

  folder(path: string): void {
    this.#add(path, () =>
      watchFolder(path, (name) => {
        const matters = this.#skills.has(path) ? name === undefined || name === SKILL_FILE : !name?.startsWith(".");
        if (matters) this.#touched();
      }),
    );
  }

  /** Waits for a folder that does not exist, or for the first of its parents that does not. */
  async arrival(path: string): Promise<void> {
    const parent = dirname(path);
    if (parent === path) return;
    if (!(await exists(parent))) return this.arrival(parent);
    this.#add(join(path, "?"), () => watchFile(path, this.#touched));
  }

  /** Folders of skills: only their `SKILL.md` matters. */
  settle(skills: readonly string[]): void {
    this.#skills = new Set(skills);
  }

  end(): void {
    this.#ended = true;
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
  }

  #add(key: string, begin: () => () => void): void {
    if (this.#ended || this.#ends.has(key)) return;
    this.#missed ||= this.#ends.size >= MAX_WATCHED;
    if (this.#ends.size >= MAX_WATCHED) return;
    try {
      this.#ends.set(key, begin());
    } catch (error) {
      this.#missed = true;
      this.#log.debug("a folder of skills cannot be watched", { folder: key, error: errorText(error) });
    }
  }
}
