/**
 * Following the file while the gateway runs: what is declared `live` takes effect at its next use, the
 * rest is named with what it waits for. An invalid file changes nothing.
 */
import { errorText } from "../../base/errors.ts";
import { watchFile } from "../../base/files.ts";
import type { ConfigSection } from "../../contracts/config.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Scope } from "../../base/scope.ts";
import { changedPaths } from "./_changed.ts";
import type { ConfigFile, ConfigSnapshot } from "./index.ts";
import { needsRestart } from "./_reload.ts";
import { issueLine } from "./_report.ts";
import { parsePath } from "./_path.ts";

export interface FollowOptions {
  readonly platform: Platform;
  readonly sections: readonly ConfigSection[];
  readonly scope: Scope;
  readonly events: EventBus;
  readonly load: () => Promise<ConfigFile>;
  readonly current: () => ConfigSnapshot;
  readonly publish: (snapshot: ConfigSnapshot) => void;
}

/** Watches until the scope ends, unless `gateway.reload.mode` is `off`. */
export function follow(options: FollowOptions): void {
  const { platform, scope, current } = options;
  if (current().at("gateway.reload.mode") === "off") return;
  const log = platform.log.for("config");
  const debounceMs = Number(current().at("gateway.reload.debounceMs") ?? 300);
  let cancel = () => {};
  const look = () =>
    void reload(options).catch((error: unknown) =>
      log.error("the configuration could not be read", { error: errorText(error) }),
    );
  const stop = watchFile(platform.paths.config, () => {
    cancel();
    cancel = platform.clock.timer(debounceMs, look);
  });
  scope.add("config watcher", () => {
    cancel();
    stop();
  });
}

async function reload({ platform, sections, events, load, current, publish }: FollowOptions): Promise<void> {
  const log = platform.log.for("config");
  const before = current();
  const file = await load();
  if (file.hash === before.hash) return;
  if (!file.valid || !file.snapshot) {
    const [first] = file.issues;
    log.warn("the configuration is invalid; the previous one stays in force", {
      problem: first ? issueLine(first) : "",
    });
    return;
  }
  const changed = changedPaths(before.root, file.snapshot.root);
  const waiting = changed.filter((path) => needsRestart(sections, parsePath(path) ?? []));
  publish(file.snapshot);
  events.publish("config.changed", { path: file.path, hash: file.hash, ts: platform.clock.now() });
  if (changed.length > waiting.length)
    log.info("configuration reloaded", { changed: changed.filter((path) => !waiting.includes(path)) });
  if (waiting.length > 0) log.warn(`restart required for ${waiting.join(", ")}`);
}
