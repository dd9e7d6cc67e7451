/**
 * `sessions.json`: a mirror of the session rows, for people and tools that read it. The database decides; the file is
 * read at start when the database knows nothing of an agent, or when somebody else wrote it meanwhile.
 */
import { dirname, join } from "node:path";
import { errorText } from "../base/errors.ts";
import { ensureDir, info, list, writeDurable } from "../base/files.ts";
import { sha256 } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Clock } from "../base/time.ts";
import type { Store } from "./ports/index.ts";
import type { SessionFiles } from "./session-files.ts";
import { readIndex, reconcile, takeOver } from "./_takeover.ts";

export interface MirrorDeps {
  /** State directory. */
  readonly state: string;
  readonly files: SessionFiles;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Mirror {
  /** The same store; changes of sessions are mirrored, and written before it closes. */
  readonly store: Store;
  /** Takes over what others wrote. Returns how many sessions came in. */
  takeOver(): Promise<number>;
  /** Writes what is outstanding. */
  flush(): Promise<void>;
}

/** What stands in the file as far as we know: by size and time at a glance, by hash for certain. */
interface Written {
  readonly size?: number;
  readonly mtimeMs?: number;
  readonly hash: string;
  /** Hash of what may stand there too: it was being written when the process died. */
  readonly next?: string;
}

/** Between a change and the file, at least; and for each millisecond that the newest writing took, up to a minute. */
const QUIET_MS = 1000;
const QUIET_PER_MS = 50;
const MOST_QUIET_MS = 60_000;
const SPACE = "sessions.json";
const EVERYTHING = { archived: "all", limit: 1_000_000, offset: 0 } as const;

export function createMirror(store: Store, deps: MirrorDeps): Mirror {
  const { clock, log, files } = deps;
  const dirty = new Set<string>();
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();
  let quietMs = QUIET_MS;

  const flush = () => {
    cancel?.();
    cancel = undefined;
    const paths = new Set([...dirty].map((agentId) => files.index(agentId)));
    dirty.clear();
    return (writing = writing.then(async () => {
      const began = clock.monotonic();
      for (const path of paths)
        await writeIndex(store, files, path).catch((error: unknown) =>
          log.warn("sessions.json was not written", { path, reason: errorText(error) }),
        );
      const took = clock.monotonic() - began;
      quietMs = Math.min(MOST_QUIET_MS, Math.max(QUIET_MS, took * QUIET_PER_MS));
    }));
  };
  const changed = (agentId: string) => {
    dirty.add(agentId);
    cancel ??= clock.timer(quietMs, () => void flush());
  };

  return {
    store: mirrored(store, changed, flush),
    flush,
    async takeOver() {
      let came = 0;
      for (const agentId of await list(join(deps.state, "agents"))) came += await ofAgent(store, deps, agentId);
      return came;
    },
  };
}

/** The file of one agent, where it holds something that the database does not know. */
async function ofAgent(store: Store, { files, log }: MirrorDeps, agentId: string): Promise<number> {
  const path = files.index(agentId);
  const { total } = await store.sessions.list({ agentId, archived: "all", limit: 0, offset: 0 });
  try {
    if (total === 0) return await takeOver({ store, files, log }, agentId, path);
    if (await isOurs(store, path)) return 0;
    return await reconcile({ store, files, log }, agentId, path);
  } catch (error) {
    log.warn("sessions.json could not be read and was left alone", { path, reason: errorText(error) });
    return 0;
  }
}

async function isOurs(store: Store, path: string): Promise<boolean> {
  const noted = await store.kv.get(SPACE, path);
  const found = await info(path);
  // What an earlier version wrote is not noted, and what is not there says nothing.
  if (noted === undefined || !found) return true;
  const written = JSON.parse(noted) as Written;
  if (written.size === found.size && written.mtimeMs === found.mtimeMs && written.next === undefined) return true;
  const hash = sha256((await readIndex(path)) ?? "");
  return hash === written.hash || hash === written.next;
}

/** Noted before it is written: whatever a crash leaves is known as ours. */
async function writeIndex(store: Store, files: SessionFiles, path: string): Promise<void> {
  const { rows } = await store.sessions.list(EVERYTHING);
  const mine = rows.filter(({ agentId }) => files.index(agentId) === path);
  const entries = Object.fromEntries(
    mine.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, entry }) => [key, entry]),
  );
  const text = `${JSON.stringify(entries, null, 2)}\n`;
  const noted = await store.kv.get(SPACE, path);
  const before = noted === undefined ? undefined : (JSON.parse(noted) as Written);
  const hash = sha256(text);
  await store.kv.set(SPACE, path, JSON.stringify({ ...(before ?? { hash }), next: hash }));
  await ensureDir(dirname(path));
  await writeDurable(path, text);
  const found = await info(path);
  await store.kv.set(SPACE, path, JSON.stringify({ hash, size: found?.size, mtimeMs: found?.mtimeMs }));
}

/** Passes every call on and tells which agent's rows may have changed. */
function mirrored(store: Store, changed: (agentId: string) => void, flush: () => Promise<void>): Store {
  const { sessions, sessionGroups, turns, usage } = store;
  const seen = <T extends { readonly agentId: string } | undefined>(row: T): T => {
    if (row) changed(row.agentId);
    return row;
  };
  return {
    ...store,
    sessions: {
      ...sessions,
      async ensure(row) {
        const result = await sessions.ensure(row);
        if (result.created) changed(row.agentId);
        return result;
      },
      patch: async (key, patch) => seen(await sessions.patch(key, patch)),
      delete: async (key) => seen(await sessions.delete(key)),
    },
    sessionGroups: {
      ...sessionGroups,
      rename: async (from, to) => (await sessionGroups.rename(from, to))?.map(seen),
      remove: async (name) => (await sessionGroups.remove(name)).map(seen),
    },
    usage: {
      ...usage,
      async add(call) {
        await usage.add(call);
        changed(call.agentId);
      },
    },
    turns: {
      ...turns,
      finish: async (id, end) => seen(await turns.finish(id, end)),
    },
    async close() {
      await flush();
      await store.close();
    },
  };
}
