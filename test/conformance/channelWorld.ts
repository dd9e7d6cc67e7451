/** The core's side of a channel, as small as it can be, for `testChannel`. */
import { createFetch } from "../../packages/openclaw/src/base/fetch.ts";
import { systemRandom } from "../../packages/openclaw/src/base/ids.ts";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import type { Log } from "../../packages/openclaw/src/base/log.ts";
import type { ChannelLink, Envelope, MenuCommand } from "../../packages/openclaw/src/contracts/index.ts";

/** What outlives a process: cursors, and the messages that were stored. */
export interface Durable {
  readonly memory: Map<string, string>;
  readonly stored: Map<string, Envelope>;
}

export const newDurable = (): Durable => ({ memory: new Map(), stored: new Map() });

export interface Core {
  readonly link: ChannelLink;
  readonly states: { readonly state: string; readonly problem?: string }[];
  readonly logged: string[];
  /** Messages handed over that were known already. */
  readonly duplicates: Envelope[];
  /** What the core offers for the network's menu. */
  menu: readonly MenuCommand[];
  /** Called before a message is stored: may wait, may fail. */
  store: (envelope: Envelope) => Promise<void>;
  /** The process dies: nothing is stored any more, nothing is closed. */
  die(): void;
  /** Aborts the link, as closing an account does. */
  abort(): void;
}

export function makeCore(durable: Durable): Core {
  const abort = new AbortController();
  const logged: string[] = [];
  const log = makeLog(logged);
  let dead = false;
  const core: Core = {
    states: [],
    logged,
    duplicates: [],
    menu: [],
    store: async () => {},
    die: () => {
      dead = true;
      abort.abort();
    },
    abort: () => abort.abort(),
    link: {
      clock: systemClock,
      random: systemRandom,
      fetch: createFetch({ clock: systemClock, log }),
      log,
      signal: abort.signal,
      memory: {
        get: async (key) => durable.memory.get(key),
        set: async (key, value) => {
          if (!dead) durable.memory.set(key, value);
        },
      },
      menu: async () => core.menu,
      webhook: () => () => {},
      state: (state, problem) => void core.states.push({ state, ...(problem === undefined ? {} : { problem }) }),
      inbound: async (envelope) => {
        await core.store(envelope);
        if (dead) await new Promise(() => {});
        if (durable.stored.has(envelope.nativeId)) {
          core.duplicates.push(envelope);
          return "duplicate";
        }
        durable.stored.set(envelope.nativeId, envelope);
        return "accepted";
      },
    },
  };
  return core;
}

function makeLog(lines: string[]): Log {
  const write = (message: string, data?: unknown) =>
    void lines.push(data === undefined ? message : `${message} ${JSON.stringify(data)}`);
  const log: Log = { trace: write, debug: write, info: write, warn: write, error: write, fatal: write, for: () => log };
  return log;
}

/** Resolves when `condition` holds; fails after `ms`. */
export async function until(condition: () => boolean, what: string, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await systemClock.sleep(5);
  }
}
