/** The rows of the list: read from the gateway, kept up to date by events, with what only this page knows. */
import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { AgentEvent, Gateway, SessionRow, SessionsChangedEvent } from "openclaw/client";
import type { ConnectionStore } from "./connection.ts";

export interface ModelName {
  readonly provider: string;
  readonly model: string;
}

export interface SessionList {
  /** Newest first, without those that are being deleted. */
  readonly rows: ReadonlySignal<readonly SessionRow[]>;
  readonly defaults: ReadonlySignal<ModelName | undefined>;
  /** Changes a row before the gateway confirms it; returns the way back. */
  change(key: string, fields: Partial<SessionRow>): () => void;
  drop(key: string): void;
  hide(key: string): void;
  show(key: string): void;
  seen(key: string): void;
  /** Reads the list again: one request for a burst of changes. */
  refresh(): void;
}

export interface SessionListOptions {
  readonly timer: (ms: number, fire: () => void) => void;
  /** Whether the owner looks at this conversation now. */
  readonly isOpen: (key: string) => boolean;
}

const LIMIT = 200;
const SETTLE_MS = 250;

export function createSessionList(connection: ConnectionStore, { timer, isOpen }: SessionListOptions): SessionList {
  const known = signal<readonly SessionRow[]>([]);
  const hidden = signal<ReadonlySet<string>>(new Set());
  const fresh = signal<ReadonlySet<string>>(new Set());
  const defaults = signal<ModelName | undefined>(undefined);
  let scheduled = false;

  async function load(gateway: Gateway): Promise<void> {
    const asked = { limit: LIMIT, includeDerivedTitles: true, includeLastMessage: true };
    // A list that is late harms nobody; the connection bar tells why.
    const answer = await gateway.request("sessions.list", asked).catch(() => undefined);
    if (answer === undefined) return;
    known.value = answer.sessions;
    const { modelProvider: provider, model } = answer.defaults ?? {};
    if (typeof provider === "string" && typeof model === "string") defaults.value = { provider, model };
  }

  function refresh(): void {
    if (scheduled) return;
    scheduled = true;
    timer(SETTLE_MS, () => {
      scheduled = false;
      const gateway = connection.gateway();
      if (gateway?.state.phase === "open") void load(gateway);
    });
  }

  /** Runs begin and end without the list being told. */
  function onAgent({ stream, data, sessionKey }: AgentEvent): void {
    if (stream !== "lifecycle" || sessionKey === undefined) return;
    const over = data["phase"] === "end" || data["phase"] === "error";
    if (!over && data["phase"] !== "start") return;
    known.value = replaced(known.value, sessionKey, { hasActiveRun: !over });
    if (over && !isOpen(sessionKey)) fresh.value = withKey(fresh.value, sessionKey);
    refresh();
  }

  function onChanged({ session, reason }: SessionsChangedEvent): void {
    if (session !== undefined && reason !== "delete") {
      known.value = newestFirst([session, ...known.value.filter((row) => row.key !== session.key)]);
    }
    refresh();
  }

  const listening = new WeakSet<Gateway>();
  connection.onOpen((gateway) => {
    gateway.request("sessions.subscribe", {}).catch(() => {});
    void load(gateway);
    if (listening.has(gateway)) return;
    listening.add(gateway);
    gateway.on("sessions.changed", onChanged);
    gateway.on("agent", onAgent);
    gateway.onGap(refresh);
  });

  return {
    rows: computed(() => marked(known.value, hidden.value, fresh.value)),
    defaults,
    change: (key, fields) => {
      const before = known.value;
      known.value = replaced(before, key, fields);
      return () => {
        known.value = before;
      };
    },
    drop: (key) => {
      known.value = known.value.filter((row) => row.key !== key);
    },
    hide: (key) => {
      hidden.value = withKey(hidden.value, key);
    },
    show: (key) => {
      hidden.value = withoutKey(hidden.value, key);
    },
    seen: (key) => {
      fresh.value = withoutKey(fresh.value, key);
    },
    refresh,
  };
}

function marked(rows: readonly SessionRow[], hidden: ReadonlySet<string>, fresh: ReadonlySet<string>): SessionRow[] {
  return rows.filter((row) => !hidden.has(row.key)).map((row) => (fresh.has(row.key) ? { ...row, unread: true } : row));
}

function replaced(rows: readonly SessionRow[], key: string, fields: Partial<SessionRow>): readonly SessionRow[] {
  return rows.map((row) => (row.key === key ? { ...row, ...fields } : row));
}

function newestFirst(rows: readonly SessionRow[]): readonly SessionRow[] {
  return rows.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
}

function withKey(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  return new Set([...keys, key]);
}

function withoutKey(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  return keys.has(key) ? new Set([...keys].filter((other) => other !== key)) : keys;
}
