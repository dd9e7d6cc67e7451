/** Conversations: the list, the assistant they are held with, and what can be done with one. */
import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Gateway, Hello, SessionRow } from "openclaw/client";
import { t } from "../i18n/index.ts";
import { helpersOf } from "../model/helpers.ts";
import type { ConnectionStore } from "./connection.ts";
import { createSessionList } from "./session-list.ts";
import type { ModelName, SessionList, SessionListOptions } from "./session-list.ts";
import { hasName, nameFrom } from "./session-title.ts";

export interface Assistant {
  readonly id: string;
  readonly name: string;
  readonly avatar: string;
}

export interface SessionsStore extends Pick<SessionList, "hide" | "show" | "seen"> {
  /** Newest first, the main conversation always among them. */
  readonly rows: ReadonlySignal<readonly SessionRow[]>;
  readonly assistant: ReadonlySignal<Assistant>;
  readonly mainKey: ReadonlySignal<string>;
  /** Model of conversations that have not chosen one. */
  readonly model: ReadonlySignal<ModelName | undefined>;
  /** Helpers by the conversation that started them. */
  readonly helpers: ReadonlySignal<ReadonlyMap<string, readonly SessionRow[]>>;
  row(key: string): SessionRow | undefined;
  create(): Promise<string>;
  /** An empty name takes it away. */
  rename(key: string, label: string): Promise<void>;
  /** Names a conversation that has no name after its first message. */
  nameAfter(key: string, text: string): void;
  /** Changes how a conversation is held; null goes back to the default. */
  patch(key: string, wishes: Readonly<Record<string, string | null>>): Promise<void>;
  reset(key: string): Promise<void>;
  stop(key: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export function createSessions(connection: ConnectionStore, options: SessionListOptions): SessionsStore {
  const list = createSessionList(connection, options);
  const mainKey = signal("agent:main:main");
  const assistant = signal<Assistant>({ id: "main", name: t("message.assistant"), avatar: "A" });
  const rows = computed(() => {
    if (list.rows.value.some((row) => row.key === mainKey.value)) return list.rows.value;
    return [mainRow(mainKey.value, assistant.value.id, list.defaults.value), ...list.rows.value];
  });

  connection.onOpen((gateway, hello) => {
    mainKey.value = hello.snapshot.sessionDefaults?.mainSessionKey ?? mainKey.value;
    void readAssistant(gateway, hello).then((found) => {
      assistant.value = found;
    });
  });

  /** Calls the gateway and reads the list again. */
  async function call<T>(work: (gateway: Gateway) => Promise<T>): Promise<T> {
    const gateway = connection.gateway();
    if (gateway === undefined) throw new Error("nobody is logged in");
    const result = await work(gateway);
    list.refresh();
    return result;
  }

  return {
    rows,
    assistant,
    mainKey,
    model: list.defaults,
    helpers: computed(() => helpersOf(rows.value)),
    hide: list.hide,
    show: list.show,
    seen: list.seen,
    row: (key) => rows.value.find((row) => row.key === key),
    create: async () => (await call((gateway) => gateway.request("sessions.create", {}))).key,
    rename: async (key, label) => {
      const takeBack = list.change(key, { label });
      const request = call((gateway) => gateway.request("sessions.patch", { key, label: label === "" ? null : label }));
      await request.catch((error: unknown) => {
        takeBack();
        throw error;
      });
    },
    patch: async (key, wishes) => void (await call((gateway) => gateway.request("sessions.patch", { key, ...wishes }))),
    nameAfter: (key, text) => {
      const row = rows.value.find((one) => one.key === key);
      if (key === mainKey.value || (row !== undefined && hasName(row))) return;
      const displayName = nameFrom(text);
      list.change(key, { displayName });
      call((gateway) => gateway.request("sessions.patch", { key, displayName })).catch(() => {});
    },
    reset: async (key) => void (await call((gateway) => gateway.request("sessions.reset", { key, reason: "reset" }))),
    stop: async (key) => void (await call((gateway) => gateway.request("chat.abort", { sessionKey: key }))),
    remove: async (key) => {
      await call((gateway) => gateway.request("sessions.delete", { key }));
      list.drop(key);
    },
  };
}

async function readAssistant(gateway: Gateway, hello: Hello): Promise<Assistant> {
  const answer = await gateway.request("agents.list", {}).catch(() => undefined);
  const id = answer?.defaultId ?? hello.snapshot.sessionDefaults?.defaultAgentId ?? "main";
  const agent = answer?.agents.find((one) => one.id === id);
  const name = agent?.identity?.name ?? agent?.name ?? t("message.assistant");
  return { id, name, avatar: agent?.identity?.emoji ?? (name.trim()[0] ?? "A").toUpperCase() };
}

/** The main conversation before anything was said in it. */
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
