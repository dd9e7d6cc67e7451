/**
 * `sessions.json`: a mirror of the session rows of each agent, for people and tools that read it. The
 * database decides; the file is read only when the database knows nothing of an agent.
 */
import { join } from "node:path";
import { Fault, errorText } from "../base/errors.ts";
import { ensureDir, list, readText, writeDurable } from "../base/files.ts";
import type { Log } from "../base/log.ts";
import type { Clock } from "../base/time.ts";
import type { SessionEntry, Store } from "./ports/index.ts";

export interface MirrorDeps {
  /** State directory. */
  readonly state: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Mirror {
  /** The same store; changes of sessions are mirrored, and written before it closes. */
  readonly store: Store;
  /** Takes over the files of agents without rows. Returns how many sessions came in. */
  importMissing(): Promise<number>;
  /** Writes what is outstanding. */
  flush(): Promise<void>;
}

const QUIET_MS = 1000;
const MAX_FILE = 64 * 1024 * 1024;
const EVERYTHING = { archived: "all", limit: 1_000_000, offset: 0 } as const;

export function createMirror(store: Store, { state, clock, log }: MirrorDeps): Mirror {
  const dirty = new Set<string>();
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  const folder = (agentId: string) => join(state, "agents", agentId, "sessions");

  const writeAgent = async (agentId: string) => {
    const { rows } = await store.sessions.list({ agentId, ...EVERYTHING });
    const entries = Object.fromEntries(
      rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, entry }) => [key, entry]),
    );
    await ensureDir(folder(agentId));
    await writeDurable(join(folder(agentId), "sessions.json"), `${JSON.stringify(entries, null, 2)}\n`);
  };
  const flush = () => {
    cancel?.();
    cancel = undefined;
    const agents = [...dirty];
    dirty.clear();
    return (writing = writing.then(async () => {
      for (const agentId of agents) {
        await writeAgent(agentId).catch((error: unknown) =>
          log.warn("sessions.json was not written", { agentId, reason: errorText(error) }),
        );
      }
    }));
  };
  const changed = (agentId: string) => {
    dirty.add(agentId);
    cancel ??= clock.timer(QUIET_MS, () => void flush());
  };

  return {
    store: mirrored(store, changed, flush),
    flush,
    async importMissing() {
      let imported = 0;
      for (const agentId of await list(join(state, "agents"))) {
        const { total } = await store.sessions.list({ agentId, archived: "all", limit: 0, offset: 0 });
        if (total === 0) imported += await importAgent(store, agentId, join(folder(agentId), "sessions.json"), log);
      }
      return imported;
    },
  };
}

/** Passes every call on and tells which agent's rows may have changed. */
function mirrored(store: Store, changed: (agentId: string) => void, flush: () => Promise<void>): Store {
  const { sessions, turns } = store;
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
    turns: {
      ...turns,
      async finish(id, end) {
        await turns.finish(id, end);
        if (end.session) seen(await turns.get(id));
      },
    },
    async close() {
      await flush();
      await store.close();
    },
  };
}

async function importAgent(store: Store, agentId: string, path: string, log: Log): Promise<number> {
  const entries = await readEntries(path).catch((error: unknown) => {
    log.warn("sessions.json could not be read and was left alone", { path, reason: errorText(error) });
    return [];
  });
  let skipped = 0;
  const work = entries.map(async ([key, entry]) => {
    if (!isEntry(entry)) {
      skipped += 1;
      return;
    }
    await store.sessions.ensure({ key, agentId, entry }).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.code !== "LABEL_IN_USE") throw error;
      const { label: _, ...unlabelled } = entry;
      return store.sessions.ensure({ key, agentId, entry: unlabelled as SessionEntry });
    });
  });
  await Promise.all(work);
  if (entries.length > 0)
    log.info("sessions were taken over from sessions.json", { path, sessions: entries.length - skipped, skipped });
  return entries.length - skipped;
}

async function readEntries(path: string): Promise<[string, unknown][]> {
  const text = await readText(path, MAX_FILE);
  if (text === undefined) return [];
  const value: unknown = JSON.parse(text);
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Error("it is not an object of sessions");
  return Object.entries(value);
}

function isEntry(value: unknown): value is SessionEntry {
  if (value === null || typeof value !== "object") return false;
  const { sessionId, updatedAt } = value as Partial<SessionEntry>;
  return typeof sessionId === "string" && sessionId !== "" && typeof updatedAt === "number";
}
