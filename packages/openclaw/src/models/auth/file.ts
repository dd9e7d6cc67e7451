/**
 * `auth-profiles.json` of one agent. Read when it has changed, looked at no more than twice a second; changed by one
 * program at a time, and replaced whole, so that a crash leaves the old or the new content.
 */
import { dirname, join } from "node:path";
import { diskReason, errorText } from "../../base/errors.ts";
import { exists, info, keepAs, move, readText, setMode, writeDurable, PRIVATE_FILE } from "../../base/files.ts";
import { withLock } from "../../base/lock-file.ts";
import type { Log } from "../../base/log.ts";
import { Serial } from "../../base/queue.ts";
import { isRecord } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import type { Clock } from "../../base/time.ts";
import { errors } from "../errors.ts";
import { isFlat, profilesOfFlat, withProfiles } from "./legacy.ts";
import { STORE_NAME } from "./place.ts";
import { EMPTY, authFileOf } from "./profile.ts";
import type { AuthFile } from "./profile.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const LOOK_MS = 500;
const LOCK_WAIT_MS = 10_000;
/** An editor may be in the middle of writing. */
const SETTLE_MS = 2000;

export interface AuthFileDeps {
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** `oauth.json` of older versions; for the agent that takes it over. */
  readonly oauthFile?: string;
}

interface Seen {
  readonly stamp: string;
  readonly content: AuthFile;
}

export class ProfileFile {
  readonly path: string;
  readonly #deps: AuthFileDeps;
  readonly #writes = new Serial();
  #seen: Seen = { stamp: "", content: EMPTY };
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<AuthFile> | undefined;
  #takenOver = false;
  #told = "";

  constructor(deps: AuthFileDeps) {
    this.#deps = deps;
    this.path = join(deps.dir, STORE_NAME);
  }

  /** The content; one that cannot be read counts as empty, and the log says so. The same object until it changes. */
  read(): AuthFile | Promise<AuthFile> {
    const now = this.#deps.clock.monotonic();
    if (now - this.#lookedAt < LOOK_MS) return this.#seen.content;
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** The content as it stands on the disk now. */
  fresh(): Promise<AuthFile> {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    return Promise.resolve(this.read());
  }

  /**
   * Replaces the content by `change(content)`, alone among all programs; undefined leaves it as it is. What `change`
   * does not know it keeps. Throws `AUTH_STORE_BUSY` or `AUTH_STORE_UNWRITABLE`.
   */
  update(change: (raw: Loose) => Loose | undefined | Promise<Loose | undefined>): Promise<AuthFile> {
    return this.#writes.run(async () => {
      await this.fresh(); // Takes over what older versions left.
      return this.#locked(async () => {
        const raw = (await this.#parsed()) ?? {};
        const next = await change(raw);
        if (next === undefined) return this.#keep(raw);
        await this.#write(next);
        return this.#keep(next);
      });
    });
  }

  async #look(): Promise<AuthFile> {
    const { clock } = this.#deps;
    try {
      if (!this.#takenOver) await this.#takeOver();
      const found = await info(this.path);
      this.#lookedAt = clock.monotonic();
      const stamp = found ? `${found.mtimeMs}:${found.size}` : "";
      if (stamp === this.#seen.stamp) return this.#seen.content;
      if (!found) return (this.#seen = { stamp, content: EMPTY }).content;
      if ((found.mode & 0o077) !== 0) await setMode(this.path, PRIVATE_FILE).catch(() => undefined);
      const raw = await this.#readRaw();
      if (raw === undefined) {
        if (Math.abs(clock.now() - found.mtimeMs) < SETTLE_MS) return this.#seen.content;
        await this.#locked(() => this.#setAside());
        return (this.#seen = { stamp: "", content: EMPTY }).content;
      }
      if (isFlat(raw)) return await this.#rewriteFlat(raw);
      return (this.#seen = { stamp, content: authFileOf(raw) }).content;
    } catch (error) {
      this.#lookedAt = clock.monotonic();
      this.#tell(`the logins in ${this.path} cannot be read`, errorText(error));
      return this.#seen.content;
    }
  }

  /** Undefined for a document that is none. */
  async #readRaw(path = this.path): Promise<Loose | undefined> {
    const text = await readText(path, MAX_BYTES);
    if (text === undefined) return {};
    try {
      const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
      return isRecord(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** Inside the lock: the document, after a broken one was moved out of the way. */
  async #parsed(): Promise<Loose | undefined> {
    const raw = await this.#readRaw();
    if (raw === undefined) await this.#setAside();
    return raw;
  }

  /** Inside the lock, and only if it is still broken. */
  async #setAside(): Promise<void> {
    if ((await this.#readRaw()) !== undefined) return;
    const aside = `${this.path}.corrupt-${this.#now()}`;
    await move(this.path, aside);
    this.#deps.log.error("the file of logins was broken and was kept aside", { path: this.path, aside });
  }

  async #rewriteFlat(raw: Loose): Promise<AuthFile> {
    return this.#locked(async () => {
      const now = (await this.#readRaw()) ?? raw;
      if (!isFlat(now)) return this.#keep(now);
      const backup = `${this.path}.legacy-${this.#now()}`;
      await keepAs(this.path, backup);
      const next = withProfiles({}, profilesOfFlat(now));
      await this.#write(next);
      this.#deps.log.info("logins of an older version were rewritten", { path: this.path, backup });
      return this.#keep(next);
    });
  }

  /** Takes over `auth.json` and `oauth.json` of older versions, once: afterwards they have another name. */
  async #takeOver(): Promise<void> {
    const { dir, oauthFile, log } = this.#deps;
    this.#takenOver = true;
    const sources = [join(dir, "auth.json"), ...(oauthFile === undefined ? [] : [oauthFile])];
    for (const path of sources) {
      if (!(await exists(path))) continue;
      const found = profilesOfFlat((await this.#readRaw(path)) ?? {});
      if (Object.keys(found).length === 0) continue;
      await this.#locked(async () => {
        const raw = await this.#parsed();
        const base = raw && isFlat(raw) ? withProfiles({}, profilesOfFlat(raw)) : (raw ?? {});
        await this.#write(withProfiles(base, found));
        await move(path, `${path}.imported-${this.#now()}`);
      });
      log.info("logins of an older version were taken over", { from: path, into: this.path });
    }
  }

  #locked<T>(work: () => Promise<T>): Promise<T> {
    const { clock } = this.#deps;
    const late = () => errors.AUTH_STORE_BUSY({ path: this.path });
    return withLock(`${this.path}.lock`, { clock, waitMs: LOCK_WAIT_MS, late }, work);
  }

  async #write(raw: Loose): Promise<void> {
    try {
      await writeDurable(this.path, `${JSON.stringify({ version: 1, ...raw }, null, 2)}\n`);
    } catch (error) {
      throw errors
        .AUTH_STORE_UNWRITABLE({ path: dirname(this.path), reason: diskReason(error) })
        .with({ cause: error });
    }
  }

  async #keep(raw: Loose): Promise<AuthFile> {
    const found = await info(this.path);
    this.#lookedAt = this.#deps.clock.monotonic();
    this.#seen = { stamp: found ? `${found.mtimeMs}:${found.size}` : "", content: authFileOf(raw) };
    return this.#seen.content;
  }

  #tell(what: string, why: string): void {
    if (this.#told === why) return;
    this.#told = why;
    this.#deps.log.error(what, { error: why });
  }

  /** For names of files. */
  #now(): string {
    return new Date(this.#deps.clock.now()).toISOString().replace(/[:.]/g, "-");
  }
}
