/**
 * The logins of one agent together with how they have fared. What happens to them is known at once in this process and
 * is written a moment later: nobody waits for the disk.
 */
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { record } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import type { Clock } from "../../base/time.ts";
import { ProfileFile } from "./file.ts";
import type { AuthFileDeps } from "./file.ts";
import type { AuthFile, UsageStats } from "./profile.ts";
import { anchored, hasFailures, merged, moved } from "./standing.ts";
import type { Moment, PauseRules, Standing } from "./standing.ts";

/** A pause is on the disk this soon. */
const SOON_MS = 200;
/** When a login was last used matters little. */
const LATE_MS = 600_000;
const MAX_FORGOTTEN_MS = 30 * 24 * 3_600_000;

export class Shelf {
  readonly file: ProfileFile;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #rules: () => PauseRules;
  /** The document that `#standings` were read from. */
  #read: AuthFile | undefined;
  readonly #standings = new Map<string, Standing>();
  readonly #dirty = new Set<string>();
  readonly #good = new Map<string, string>();
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();
  #complained = false;

  constructor(deps: AuthFileDeps, rules: () => PauseRules) {
    this.file = new ProfileFile(deps);
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#rules = rules;
  }

  now(): Moment {
    return { wall: this.#clock.now(), mono: this.#clock.monotonic() };
  }

  /** The logins as they are now. */
  async read(): Promise<AuthFile> {
    const found = this.file.read();
    const file = found instanceof Promise ? await found : found;
    if (file !== this.#read) this.#adopt(file);
    return file;
  }

  /** How a login has fared, as long as it has the same secret. */
  standing(id: string, fingerprint: () => string | undefined): Standing | undefined {
    const standing = this.#standings.get(id);
    const tag = standing?.stats.fingerprint;
    return standing && (tag === undefined || tag === fingerprint()) ? standing : undefined;
  }

  lastUsed(id: string): number {
    return this.#standings.get(id)?.stats.lastUsed ?? 0;
  }

  failed(id: string, standing: Standing): void {
    this.#standings.set(id, standing);
    this.#dirty.add(id);
    this.#writeIn(SOON_MS);
  }

  /** `provider` for a stored login, which becomes the one that is tried first. */
  worked(id: string, standing: Standing, provider: string | undefined): void {
    const before = this.#standings.get(id);
    this.#standings.set(id, standing);
    const healed = before !== undefined && hasFailures(before);
    if (!healed && provider === undefined) return;
    const known = this.#good.get(provider ?? "") ?? this.#read?.lastGood[provider ?? ""];
    const newGood = provider !== undefined && known !== id;
    if (newGood) this.#good.set(provider, id);
    this.#dirty.add(id);
    this.#writeIn(healed || newGood ? SOON_MS : LATE_MS);
  }

  /** What is said of a login that was connected anew. */
  forget(id: string): void {
    this.#standings.delete(id);
    this.#dirty.delete(id);
  }

  /** Writes what is not written yet. Never throws. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  #adopt(file: AuthFile): void {
    this.#read = file;
    const now = this.now();
    for (const id of this.#standings.keys()) {
      if (!(id in file.usageStats) && !this.#dirty.has(id)) this.#standings.delete(id);
    }
    for (const [id, stats] of Object.entries(file.usageStats)) {
      const mine = this.#standings.get(id);
      const known = mine && moved(mine, now, this.#rules());
      if (this.#dirty.has(id) || (known && sameTimes(known, stats))) continue;
      const standing = anchored(stats, now, this.#rules());
      this.#standings.set(id, standing);
      if (!sameTimes(standing.stats, stats)) this.failed(id, standing);
    }
  }

  #writeIn(ms: number): void {
    const due = this.#clock.monotonic() + ms;
    if (this.#cancel && this.#dueAt <= due) return;
    this.#cancel?.();
    this.#dueAt = due;
    this.#cancel = this.#clock.timer(ms, () => void this.flush());
  }

  async #write(): Promise<void> {
    if (this.#dirty.size === 0 && this.#good.size === 0) return;
    const now = this.now();
    const mine = new Map([...this.#dirty].map((id) => [id, moved(this.#standings.get(id), now, this.#rules())]));
    const good = Object.fromEntries(this.#good);
    this.#dirty.clear();
    this.#good.clear();
    try {
      this.#read = await this.file.update((raw) => written(raw, mine, good, now.wall));
      for (const id of mine.keys()) {
        const stats = this.#read.usageStats[id];
        if (stats && !this.#dirty.has(id) && !sameTimes(stats, mine.get(id) ?? {}))
          this.#standings.set(id, anchored(stats, this.now(), this.#rules()));
      }
      this.#complained = false;
    } catch (error) {
      for (const id of mine.keys()) this.#dirty.add(id);
      for (const [provider, id] of Object.entries(good)) if (!this.#good.has(provider)) this.#good.set(provider, id);
      if (!this.#complained) this.#log.warn("pauses of logins could not be saved", { error: errorText(error) });
      this.#complained = true;
    }
  }
}

/** The document with these stats in it; of logins that are gone, old ones are left out. */
function written(
  raw: Loose,
  mine: ReadonlyMap<string, UsageStats>,
  good: Readonly<Record<string, string>>,
  now: number,
): Loose {
  const before = record(raw["usageStats"]);
  const profiles = record(raw["profiles"]);
  const kept = Object.entries(before).filter(([id, value]) => {
    const stats = record(value);
    const last = Math.max(Number(stats["lastFailureAt"] ?? 0), Number(stats["lastUsed"] ?? 0));
    return id in profiles || !(now - last > MAX_FORGOTTEN_MS);
  });
  const usageStats: Record<string, unknown> = Object.fromEntries(kept);
  for (const [id, stats] of mine) {
    const theirs = record(before[id]);
    const known = Object.keys(theirs).length === 0 ? undefined : (theirs as UsageStats);
    const { lastFailureAt: _old, ...rest } = theirs;
    usageStats[id] = { ...rest, ...merged(known, stats) };
  }
  return {
    ...raw,
    usageStats,
    ...(Object.keys(good).length > 0 ? { lastGood: { ...record(raw["lastGood"]), ...good } } : {}),
  };
}

function sameTimes(a: UsageStats, b: UsageStats): boolean {
  const near = (x: number | undefined, y: number | undefined) => Math.abs((x ?? 0) - (y ?? 0)) < 1000;
  return (
    near(a.cooldownUntil, b.cooldownUntil) &&
    near(a.disabledUntil, b.disabledUntil) &&
    near(a.lastFailureAt, b.lastFailureAt) &&
    near(a.lastUsed, b.lastUsed) &&
    (a.errorCount ?? 0) === (b.errorCount ?? 0) &&
    a.fingerprint === b.fingerprint
  );
}
