/** The ambient world of this process as one value. The only place that builds it. */
import { homedir } from "node:os";
import type { Env } from "../base/env.ts";
import type { Fetch } from "../base/fetch.ts";
import { systemRandom } from "../base/ids.ts";
import type { Log, LogLevel } from "../base/log.ts";
import type { Connect } from "../base/socket.ts";
import type { Spawner } from "../base/spawn.ts";
import { systemClock } from "../base/time.ts";
import type { Paths, Platform } from "../contracts/service.ts";

export interface PlatformOptions {
  readonly env: Env;
  readonly paths: Paths;
  readonly log: Log;
  readonly version: string;
}

export interface OwnedPlatform extends Platform {
  /** Ends every child process that is still there. */
  close(): Promise<void>;
  /** The same without waiting, for the moment in which the process exits. */
  closeNow(): void;
}

/** Fetching, connecting and spawning are loaded with the first use: most commands need neither. */
export function createPlatform({ env, paths, log, version }: PlatformOptions): OwnedPlatform {
  let fetching: Promise<Fetch> | undefined;
  let connecting: Promise<Connect> | undefined;
  let spawning: Promise<Spawner> | undefined;
  let spawner: Spawner | undefined;
  const loadSpawn = async () => (spawner = (await import("../base/spawn.ts")).createSpawn());
  return {
    clock: systemClock,
    random: systemRandom,
    env,
    log,
    paths,
    version,
    fetch: async (url, options) => {
      fetching ??= import("../base/fetch.ts").then(({ createFetch }) => createFetch({ clock: systemClock, log }));
      return (await fetching)(url, options);
    },
    connect: async (url, options) => {
      connecting ??= import("../base/socket.ts").then(({ createConnect }) =>
        createConnect({ clock: systemClock, log }),
      );
      return (await connecting)(url, options);
    },
    spawn: async (options) => {
      spawning ??= loadSpawn();
      return (await spawning)(options);
    },
    close: async () => spawner?.killAll(),
    closeNow: () => spawner?.killNow(),
  };
}

/** Home of the user this process runs as. */
export function osHome(): string {
  return homedir();
}

/** What a command logs: a line on stderr from `level` on. */
export async function commandLog(level: LogLevel | "silent"): Promise<Log> {
  const { createLog } = await import("../base/log.ts");
  return createLog({
    level: "silent",
    consoleLevel: level,
    consoleStyle: "compact",
    clock: systemClock,
    write: (line) => void process.stderr.write(`${line}\n`),
  });
}
