/**
 * The models: which are chosen, who serves them, and how the logins stand.
 *   opened, reconnected, file changed → config.get, models.authStatus, models.list
 *   changed → config.patch on the file as it was read; a file that changed meanwhile is read again, and the change
 *   made once more on that; refused → the words go beside what was changed
 */
import { batch, computed, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { Fault } from "openclaw/client";
import type { Gateway } from "openclaw/client";
import type { ModelRow, Provider, Server } from "../model/models/catalog.ts";
import { entriesOf } from "../model/models/choices.ts";
import { needsSecret, differences, patchOf } from "../model/settings/edits.ts";
import { isDict } from "../model/settings/path.ts";
import type { Dict } from "../model/settings/path.ts";
import { faultText, isLost } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";
import { isConflict, issuesOf, readFile } from "./settings-file.ts";
import type { SettingsFile } from "./settings-file.ts";

/** Makes the file that is wanted of the one that is there. */
export type Make = (base: Dict) => Dict;

export interface ModelsStore {
  readonly file: ReadonlySignal<SettingsFile | undefined>;
  readonly providers: ReadonlySignal<readonly Provider[]>;
  readonly rows: ReadonlySignal<readonly ModelRow[]>;
  /** Undefined until somebody looked. */
  readonly servers: ReadonlySignal<readonly Server[] | undefined>;
  readonly looking: ReadonlySignal<boolean>;
  /** Why nothing could be loaded. */
  readonly problem: ReadonlySignal<string | undefined>;
  /** What was refused, and where it was asked for. */
  readonly refusal: ReadonlySignal<{ readonly at: string; readonly text: string } | undefined>;
  readonly saving: ReadonlySignal<boolean>;
  readonly mayWrite: ReadonlySignal<boolean>;
  /** Ids of providers with an entry in the file. */
  readonly configured: ReadonlySignal<ReadonlySet<string>>;
  readonly query: Signal<string>;
  readonly opened: Signal<ReadonlySet<string>>;
  reload(): void;
  /** Asks servers what they serve, and looks for those on this computer. */
  look(): Promise<void>;
  /** `at` names the place on the page. The way back, once it is saved; `"lost"` where that needs a secret. */
  change(at: string, make: Make): Promise<Make | "lost" | undefined>;
}

const RESTART_DELAY_MS = 400;
const ATTEMPTS = 2;

export function createModels(connection: ConnectionStore): ModelsStore {
  const file = signal<SettingsFile | undefined>(undefined);
  const providers = signal<readonly Provider[]>([]);
  const rows = signal<readonly ModelRow[]>([]);
  const servers = signal<readonly Server[] | undefined>(undefined);
  const looking = signal(false);
  const problem = signal<string | undefined>(undefined);
  const refusal = signal<{ at: string; text: string } | undefined>(undefined);
  const saving = signal(false);
  const known = new WeakSet<Gateway>();
  let loads = 0;

  async function load(gateway: Gateway, refresh = false): Promise<void> {
    loads += 1;
    const turn = loads;
    try {
      const [got, status, list] = await Promise.all([
        gateway.request("config.get", {}),
        gateway.request("models.authStatus", { all: true, ...(refresh ? { refresh } : {}) }),
        gateway.request("models.list", { view: "all", includeDetails: true, ...(refresh ? { refresh } : {}) }),
      ]);
      if (turn !== loads) return;
      const found = status as unknown as { providers: readonly Provider[]; servers?: readonly Server[] };
      batch(() => {
        file.value = readFile(got as unknown as Dict);
        providers.value = found.providers;
        if (found.servers !== undefined) servers.value = found.servers;
        rows.value = (list as unknown as { models: readonly ModelRow[] }).models;
        problem.value = undefined;
      });
    } catch (error) {
      if (turn === loads && !isLost(error) && file.value === undefined) problem.value = faultText(error);
    }
  }

  function onOpen(gateway: Gateway): void {
    if (!known.has(gateway)) {
      known.add(gateway);
      gateway.on("config.changed", () => void load(gateway));
    }
    void load(gateway);
  }

  function opened(): Gateway | undefined {
    const gateway = connection.gateway();
    return gateway?.state.phase === "open" ? gateway : undefined;
  }

  /** Sends what is wanted of the file as it is known now. */
  async function send(gateway: Gateway, at: SettingsFile, make: Make): Promise<Make | "lost"> {
    const after = make(at.base);
    const patch = patchOf(at.base, after);
    const back = patchOf(after, at.base);
    if (Object.keys(patch).length > 0)
      await gateway.request("config.patch", {
        raw: JSON.stringify(patch),
        baseHash: at.hash,
        restartDelayMs: RESTART_DELAY_MS,
      });
    return needsSecret(differences(at.base, after)) ? "lost" : (base) => merged(base, back);
  }

  async function change(at: string, make: Make): Promise<Make | "lost" | undefined> {
    const gateway = opened();
    if (gateway === undefined || saving.value) return undefined;
    saving.value = true;
    refusal.value = undefined;
    try {
      for (let attempt = 1; ; attempt += 1) {
        const stored = file.value;
        if (stored === undefined) return undefined;
        try {
          const back = await send(gateway, stored, make);
          await load(gateway);
          return back;
        } catch (error) {
          if (!isConflict(error) || attempt === ATTEMPTS) throw error;
          await load(gateway);
        }
      }
    } catch (error) {
      refusal.value = { at, text: refusalText(error) };
      return undefined;
    } finally {
      saving.value = false;
    }
  }

  connection.onOpen(onOpen);
  const current = opened();
  if (current !== undefined) onOpen(current);

  return {
    file,
    providers,
    rows,
    servers,
    looking,
    problem,
    refusal,
    saving,
    configured: computed(() => new Set(Object.keys(entriesOf(file.value?.base ?? {})))),
    mayWrite: computed(() => {
      const link = connection.link.value;
      const hello = link.phase === "open" || link.phase === "away" ? link.hello : undefined;
      const readable = file.value === undefined || file.value.raw !== null || !file.value.exists;
      return readable && (hello?.auth.scopes.includes("operator.admin") ?? false);
    }),
    query: signal(""),
    opened: signal<ReadonlySet<string>>(new Set()),
    reload: () => {
      const gateway = opened();
      if (gateway !== undefined) void load(gateway);
    },
    look: async () => {
      const gateway = opened();
      if (gateway === undefined || looking.value) return;
      looking.value = true;
      await load(gateway, true).finally(() => (looking.value = false));
    },
    change,
  };
}

/** What the file says is wrong, in its own words. */
function refusalText(error: unknown): string {
  const issues = issuesOf(error);
  if (!(error instanceof Fault) || issues.length === 0) return faultText(error);
  return issues.map(({ path, message }) => `${path}: ${message}`).join(" ");
}

/** A JSON merge patch (RFC 7396) put into a tree. */
function merged(base: Dict, patch: Dict): Dict {
  const made: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const old = made[key];
    if (value === null) delete made[key];
    else made[key] = isDict(value) && isDict(old) ? merged(old, value) : value;
  }
  return made;
}
