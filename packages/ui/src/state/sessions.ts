/** The list of conversations. */
import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { AgentEvent, Gateway, Hello, SessionRow, SessionsChangedEvent } from "openclaw/client";
import { t } from "../i18n/index.ts";
import type { ConnectionStore } from "./connection.ts";

export interface Assistant {
  readonly id: string;
  readonly name: string;
  readonly avatar: string;
}

export interface SessionsStore {
  /** Newest first, the main conversation always among them. */
  readonly rows: ReadonlySignal<readonly SessionRow[]>;
  readonly loaded: ReadonlySignal<boolean>;
  readonly assistant: ReadonlySignal<Assistant>;
  readonly mainKey: ReadonlySignal<string>;
  /** Model of conversations that have not chosen one. */
  readonly model: ReadonlySignal<ModelName | undefined>;
  row(key: string): SessionRow | undefined;
  create(): Promise<string>;
  rename(key: string, label: string): Promise<void>;
  reset(key: string): Promise<void>;
  /** Names a conversation that has no name after its first message. */
  nameAfter(key: string, text: string): void;
  /** The owner looks at it. */
  seen(key: string): void;
  /** Takes it out of the list; nothing is deleted before `commitRemoval`. */
  hide(key: string): void;
  show(key: string): void;
  commitRemoval(key: string): Promise<void>;
  refresh(): void;
}

export interface ModelName {
  readonly provider: string;
  readonly model: string;
}

const LIMIT = 200;
const NAME_LENGTH = 60;
const SETTLE_MS = 250;

export interface SessionsOptions {
  readonly timer: (ms: number, fire: () => void) => void;
  /** Whether the owner looks at this conversation now. */
  readonly isOpen: (key: string) => boolean;
}

export function createSessions(connection: ConnectionStore, { timer, isOpen }: SessionsOptions): SessionsStore {
  const known = signal<readonly SessionRow[]>([]);
  const hidden = signal<ReadonlySet<string>>(new Set());
  const fresh = signal<ReadonlySet<string>>(new Set());
  const loaded = signal(false);
  const mainKey = signal("agent:main:main");
  const assistant = signal<Assistant>({ id: "main", name: t("message.assistant"), avatar: "A" });
  const defaults = signal<ModelName | undefined>(undefined);
  const listening = new WeakSet<Gateway>();
  let scheduled = false;

  const rows = computed(() => {
    const visible = known.value
      .filter((row) => !hidden.value.has(row.key))
      .map((row) => (fresh.value.has(row.key) ? { ...row, unread: true } : row));
    const hasMain = visible.some((row) => row.key === mainKey.value);
    return hasMain ? visible : [mainRow(mainKey.value, assistant.value.id, defaults.value), ...visible];
  });

  connection.onOpen((gateway, hello) => {
    mainKey.value = hello.snapshot.sessionDefaults?.mainSessionKey ?? mainKey.value;
    gateway.request("sessions.subscribe", {}).catch(ignore);
    void load(gateway);
    void loadAssistant(gateway, hello);
    if (listening.has(gateway)) return;
    listening.add(gateway);
    gateway.on("sessions.changed", onChanged);
    gateway.on("agent", onAgent);
    gateway.onGap(refresh);
  });
  async function load(gateway: Gateway): Promise<void> {
    const answer = await gateway
      .request("sessions.list", { limit: LIMIT, includeDerivedTitles: true, includeLastMessage: true })
      .catch(ignore);
    if (answer === undefined) return;
    known.value = answer.sessions;
    const { modelProvider, model } = answer.defaults ?? {};
    if (typeof modelProvider === "string" && typeof model === "string")
      defaults.value = { provider: modelProvider, model };
    loaded.value = true;
  }

  async function loadAssistant(gateway: Gateway, hello: Hello): Promise<void> {
    const answer = await gateway.request("agents.list", {}).catch(ignore);
    const id = answer?.defaultId ?? hello.snapshot.sessionDefaults?.defaultAgentId ?? "main";
    const agent = answer?.agents.find((one) => one.id === id);
    const name = agent?.identity?.name ?? agent?.name ?? t("message.assistant");
    assistant.value = { id, name, avatar: agent?.identity?.emoji ?? (name.trim()[0] ?? "A").toUpperCase() };
  }

  /** Runs begin and end without the list being told. */
  function onAgent({ stream, data, sessionKey }: AgentEvent): void {
    if (stream !== "lifecycle" || sessionKey === undefined) return;
    const phase = data["phase"];
    const over = phase === "end" || phase === "error";
    if (!over && phase !== "start") return;
    known.value = known.value.map((row) => (row.key === sessionKey ? { ...row, hasActiveRun: !over } : row));
    if (over && !isOpen(sessionKey)) fresh.value = new Set([...fresh.value, sessionKey]);
    refresh();
  }

  function onChanged(event: SessionsChangedEvent): void {
    if (event.session !== undefined && event.reason !== "delete") {
      const row = event.session;
      known.value = newestFirst([row, ...known.value.filter((other) => other.key !== row.key)]);
    }
    refresh();
  }

  /** One list request for a burst of changes. */
  function refresh(): void {
    if (scheduled) return;
    scheduled = true;
    timer(SETTLE_MS, () => {
      scheduled = false;
      const gateway = connection.gateway();
      if (gateway?.state.phase === "open") void load(gateway);
    });
  }

  async function call<T>(work: (gateway: Gateway) => Promise<T>): Promise<T> {
    const gateway = connection.gateway();
    if (gateway === undefined) throw new Error("no gateway");
    const result = await work(gateway);
    refresh();
    return result;
  }

  return {
    rows,
    loaded,
    assistant,
    mainKey,
    model: defaults,
    row: (key) => rows.value.find((row) => row.key === key),
    create: async () => (await call((gateway) => gateway.request("sessions.create", {}))).key,
    rename: async (key, label) => {
      const before = known.value;
      known.value = before.map((row) => (row.key === key ? { ...row, label } : row));
      try {
        await call((gateway) => gateway.request("sessions.patch", { key, label: label === "" ? null : label }));
      } catch (error) {
        known.value = before;
        throw error;
      }
    },
    reset: async (key) => void (await call((gateway) => gateway.request("sessions.reset", { key, reason: "reset" }))),
    nameAfter: (key, text) => {
      const row = known.value.find((one) => one.key === key);
      if (key === mainKey.value || (row !== undefined && hasName(row))) return;
      const displayName = text.split("\n")[0]?.slice(0, NAME_LENGTH) ?? "";
      known.value = known.value.map((one) => (one.key === key ? { ...one, displayName } : one));
      call((gateway) => gateway.request("sessions.patch", { key, displayName })).catch(ignore);
    },
    seen: (key) => {
      if (fresh.value.has(key)) fresh.value = new Set([...fresh.value].filter((other) => other !== key));
    },
    hide: (key) => {
      hidden.value = new Set([...hidden.value, key]);
    },
    show: (key) => {
      hidden.value = new Set([...hidden.value].filter((other) => other !== key));
    },
    commitRemoval: async (key) => {
      await call((gateway) => gateway.request("sessions.delete", { key }));
      known.value = known.value.filter((row) => row.key !== key);
    },
    refresh,
  };
}

function hasName(row: SessionRow): boolean {
  return [row.label, row.derivedTitle, row.subject, row.displayName].some(
    (name) => name !== undefined && name.trim() !== "",
  );
}

/** What a person calls it. */
export function titleOf(row: SessionRow): string {
  const given =
    row.label ?? (row.isMain === true ? t("session.main") : (row.derivedTitle ?? row.subject ?? row.displayName));
  return given === undefined || given.trim() === "" ? t("session.untitled") : given;
}

function mainRow(key: string, agentId: string, model: ModelName | undefined): SessionRow {
  return {
    key,
    kind: "direct",
    agentId,
    updatedAt: null,
    modelProvider: model?.provider ?? "",
    model: model?.model ?? "",
    hasActiveRun: false,
    isMain: true,
  };
}

function newestFirst(rows: readonly SessionRow[]): readonly SessionRow[] {
  return rows.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
}

/** The connection bar and the next login tell; a list that is late harms nobody. */
function ignore(): undefined {
  return undefined;
}
