/**
 * Following the file while the gateway runs. A change goes through these steps, one change at a time:
 *
 * 1. noticed, and left to rest            `watch.ts`
 * 2. read and validated                   `../_load/load.ts`; what is not to be trusted is put back: `../_load/last-good.ts`
 * 3. what differs, and what that needs    `changed.ts`, `plan.ts`
 * 4. the new snapshot published           readers take it at their next use, runs under way keep theirs
 * 5. parts restarted, or the gateway      `LifecycleToken`
 *
 * Whatever happens to the file, what is in force stays in force until something valid replaces it.
 */
import { errorText } from "../../../base/errors.ts";
import type { Log } from "../../../base/log.ts";
import type { Scope } from "../../../base/scope.ts";
import type { ConfigSection } from "../../../contracts/config.ts";
import { LifecycleToken, type Lifecycle } from "../../../contracts/lifecycle.ts";
import type { EventBus } from "../../../contracts/method.ts";
import type { Platform, Use } from "../../../contracts/service.ts";
import { changedPaths } from "./changed.ts";
import { SessionNotices, type ConfigFile, type ConfigSnapshot, type ReloadPlan } from "../index.ts";
import { promote, recoveryWarning, restore, type Restored } from "../_load/last-good.ts";
import { planReload } from "./plan.ts";
import { issueLine } from "../_report.ts";
import type { StartFile } from "../_load/start.ts";
import { watchFiles } from "./watch.ts";
import { removeLeftovers } from "../_write/write.ts";

export interface FollowOptions {
  readonly platform: Platform;
  readonly sections: readonly ConfigSection[];
  readonly scope: Scope;
  readonly events: EventBus;
  /** Finds the lifecycle and whoever tells sessions; without it parts and the gateway are only named. */
  readonly use?: Use;
  /** The file that the gateway began with, and what had to be done to it. */
  readonly file: StartFile;
  readonly load: () => Promise<ConfigFile>;
  /** What clients get in place of a hash. */
  readonly fingerprint: (hash: string) => Promise<string>;
  readonly current: () => ConfigSnapshot;
  readonly publish: (snapshot: ConfigSnapshot) => void;
  /** Called with the hash of a file of which nothing waits for a restart. */
  readonly settled: (hash: string) => void;
}

export interface Follower {
  /** Takes up a file that this process has written; resolves once it is published. */
  adopt(file: ConfigFile, restart?: "plan" | "caller"): Promise<void>;
  /** The same for a file that may be the one in force, with other secrets. */
  renew(file: ConfigFile): Promise<void>;
}

/** How a change came about, and who restarts the gateway where it needs that. */
interface Cause {
  readonly written: boolean;
  readonly restart: "plan" | "caller";
  /** Also when the file is the one that is in force. */
  readonly again?: boolean;
}
const NOTICED: Cause = { written: false, restart: "plan" };

type Mode = "hybrid" | "hot" | "restart" | "off";

/** A file that is gone is looked for again before anything is said: editors replace files. */
const GONE_LOOKS = 4;
const GONE_WAIT_MS = 500;
/** A longer wait for a restart is told: two in a row keep a distance. */
const TOLD_DELAY_MS = 5000;

/** Follows until the scope ends, which waits for what is under way. The start has succeeded: the file becomes the last good one. */
export function follow(options: FollowOptions): Follower {
  return new FileFollower(options);
}

class FileFollower implements Follower {
  readonly #options: FollowOptions;
  readonly #log: Log;
  /** What the parts that only a restart takes further run with. */
  readonly #begun: ConfigSnapshot;
  #last: ConfigFile;
  #queue: Promise<unknown>;
  #unwatch = () => {};

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#log = options.platform.log.for("config");
    this.#begun = options.current();
    this.#last = options.file;
    this.#queue = promote(options.file, this.#log).then(() =>
      removeLeftovers(options.platform.paths.config, options.platform.clock),
    );
    this.#watch();
    options.scope.add("config watcher", async () => {
      this.#unwatch();
      await this.#queue;
    });
    if (options.file.restored) this.#warn(options.file.restored);
  }

  adopt(file: ConfigFile, restart: "plan" | "caller" = "plan"): Promise<void> {
    return this.#serial(() => this.#take(file, { written: true, restart }));
  }

  renew(file: ConfigFile): Promise<void> {
    return this.#serial(() => this.#take(file, { written: true, restart: "plan", again: true }));
  }

  #look(): void {
    void this.#serial(() => this.#reload()).catch((error: unknown) =>
      this.#log.error("the configuration could not be read; the previous one stays in force", {
        error: errorText(error),
      }),
    );
  }

  #serial<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work, work);
    this.#queue = next.catch(() => undefined);
    return next;
  }

  async #reload(): Promise<void> {
    const { platform, sections, scope, load, current } = this.#options;
    if (scope.closed || modeOf(current()) === "off") return;
    const file = await this.#settledFile();
    if (file.exists === this.#last.exists && file.revision === this.#last.revision) return;
    if (!file.exists) {
      this.#last = file;
      return this.#log.warn("the configuration file is gone; the previous one stays in force");
    }
    const restored = await restore({ platform, sections }, file, this.#log);
    if (restored) {
      this.#log.warn(`config reload restored last-known-good config after ${restored.reasons.join(", ")}`);
      this.#warn(restored);
      await this.#take(await load(), NOTICED);
    } else if (file.snapshot) await this.#take(file, NOTICED);
    else {
      if (file.problem !== "secret") this.#last = file;
      const [first] = file.issues;
      this.#log.warn("the configuration is invalid; the previous one stays in force", {
        problem: first ? issueLine(first) : "",
      });
    }
  }

  /** The file, or that it is gone once it has been gone for a while. */
  async #settledFile(): Promise<ConfigFile> {
    const { platform, scope, load } = this.#options;
    let file = await load();
    for (let looks = 1; !file.exists && looks < GONE_LOOKS && this.#last.exists; looks += 1) {
      await platform.clock.sleep(GONE_WAIT_MS, scope.signal);
      file = await load();
    }
    return file;
  }

  async #take(file: ConfigFile, { written, restart, again }: Cause): Promise<void> {
    const { platform, sections, events, current, publish, settled, fingerprint } = this.#options;
    const { snapshot } = file;
    const isKnown = file.exists === this.#last.exists && file.revision === this.#last.revision;
    if (!snapshot || (isKnown && again !== true)) return;
    this.#last = file;
    const before = current();
    const mode = modeOf(snapshot);
    const hash = await fingerprint(file.hash);
    const told = () => events.publish("config.changed", { path: file.path, hash, ts: platform.clock.now() });
    const changed = changedPaths(before.root, snapshot.root);
    const plan = planReload(sections, changed);
    if (written && modeOf(before) === "off" && mode === "off") return told();
    publish(snapshot);
    this.#watch();
    const waiting = planReload(sections, changedPaths(this.#begun.root, snapshot.root)).restart;
    if (waiting.length === 0) settled(snapshot.hash);
    told();
    await this.#act(plan, { mode: restart === "caller" ? "hot" : mode, snapshot, waiting });
    if (waiting.length === 0) await promote(file, this.#log);
  }

  async #act(
    plan: ReloadPlan,
    { mode, snapshot, waiting }: { mode: Mode; snapshot: ConfigSnapshot; waiting: readonly string[] },
  ): Promise<void> {
    const parts = Object.entries(plan.parts);
    const hot = [...plan.live, ...parts.flatMap(([, paths]) => paths)];
    const due = plan.restart.filter((path) => waiting.includes(path));
    const lifecycle = await this.#lifecycle();
    const restarting = mode === "restart" ? [...due, ...hot] : mode === "hot" ? [] : due;
    if (restarting.length > 0 && lifecycle) {
      const { delayMs } = lifecycle.restart({ reason: `${named(restarting)} changed` });
      const wait = delayMs < TOLD_DELAY_MS ? "" : ` in ${Math.ceil(delayMs / 1000)} s`;
      this.#log.info(`restarting for ${named(restarting)}${wait}`);
      return;
    }
    if (hot.length > 0) this.#log.info("configuration reloaded", { changed: hot.slice(0, 20) });
    if (due.length > 0) this.#log.warn(`restart required for ${named(due)}`);
    for (const [part, paths] of parts)
      void lifecycle
        ?.restartPart(part, { config: snapshot, paths })
        .catch((error: unknown) => this.#log.error(`${part} could not be restarted`, { error: errorText(error) }));
  }

  /** Watches the file and what it includes, as long as the settings in force want that. */
  #watch(): void {
    const { platform, scope, current } = this.#options;
    this.#unwatch();
    this.#unwatch = () => {};
    if (scope.closed || modeOf(current()) === "off") return;
    this.#unwatch = watchFiles([platform.paths.config, ...this.#last.includes.map(({ file }) => file)], {
      clock: platform.clock,
      debounceMs: Number(current().at("gateway.reload.debounceMs") ?? 300),
      changed: () => this.#look(),
    });
  }

  #warn(restored: Restored): void {
    void this.#options
      .use?.(SessionNotices)
      .then((notices) => notices.tell({ text: recoveryWarning(restored), session: "main" }))
      .catch((error: unknown) =>
        this.#log.error("the main session could not be told of the restored configuration", {
          error: errorText(error),
        }),
      );
  }

  /** None outside a running gateway. */
  async #lifecycle(): Promise<Lifecycle | undefined> {
    return this.#options.use?.(LifecycleToken).catch(() => undefined);
  }
}

function modeOf(config: ConfigSnapshot): Mode {
  const mode = config.at("gateway.reload.mode");
  return mode === "hot" || mode === "restart" || mode === "off" ? mode : "hybrid";
}

function named(paths: readonly string[]): string {
  return paths.length > 5 ? `${paths.slice(0, 5).join(", ")} and ${paths.length - 5} more` : paths.join(", ");
}
