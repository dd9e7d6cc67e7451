/** The stores together, and the acts that touch more than one of them. */
import { computed } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { cleanAddress, readAddress } from "../lib/address.ts";
import { keeper } from "../lib/storage.ts";
import type { Keeper } from "../lib/storage.ts";
import type { Conversation } from "../model/conversation.ts";
import { createConnection, faultText } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";
import { createConversation } from "./conversation.ts";
import type { ConversationStore } from "./conversation.ts";
import { createSessions, titleOf } from "./sessions.ts";
import type { ModelName, SessionsStore } from "./sessions.ts";
import { createUi } from "./ui.ts";
import type { UiStore } from "./ui.ts";

export interface App {
  readonly connection: ConnectionStore;
  readonly sessions: SessionsStore;
  readonly conversation: ConversationStore;
  readonly ui: UiStore;
  /** Values of this tab. */
  readonly tab: Keeper;
  /** Model of the open conversation. */
  readonly model: ReadonlySignal<ModelName | undefined>;
  openSession(key: string): void;
  newChat(): Promise<void>;
  askReset(key: string): void;
  remove(key: string): void;
  rename(key: string, label: string): Promise<void>;
}

const AppContext = createContext<App | undefined>(undefined);
export const AppProvider = AppContext.Provider;

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("useApp outside of AppProvider");
  return app;
}

/** `script`: URL of the running module. */
export function createApp(version: string, script: string): App {
  const address = readAddress(location.href, script);
  const tab = keeper(() => sessionStorage);
  const timer = (ms: number, fire: () => void) => void setTimeout(fire, ms);
  const ui = createUi(
    keeper(() => localStorage),
    timer,
  );
  const connection = createConnection({ url: address.gateway, session: tab, version });
  const sessions: SessionsStore = createSessions(connection, {
    timer,
    isOpen: (key) => key === conversation.key.value && !document.hidden,
  });
  const conversation: ConversationStore = createConversation(connection, {
    kept: tab,
    now: () => Date.now(),
    onSent: sessions.nameAfter,
  });
  const model = computed(() => modelOf(sessions, conversation.key.value));

  function show(key: string, how: "push" | "replace"): void {
    conversation.open(key);
    sessions.seen(key);
    const href = cleanAddress(location.href, key === sessions.mainKey.value ? undefined : key);
    if (href === location.href) return;
    if (how === "push") history.pushState(null, "", href);
    else history.replaceState(null, "", href);
  }

  function openSession(key: string): void {
    ui.drawer.value = false;
    show(key, "push");
    ui.focusComposer.value += 1;
  }

  history.replaceState(null, "", cleanAddress(location.href, address.session));
  addEventListener("popstate", () =>
    show(readAddress(location.href, script).session ?? sessions.mainKey.value, "replace"),
  );
  addEventListener("online", () => connection.retryNow());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    connection.retryNow();
    sessions.seen(conversation.key.value);
  });
  connection.onOpen(() => {
    if (conversation.key.value === "") show(address.session ?? sessions.mainKey.value, "replace");
  });
  connection.start(address.token);

  /** Failures of what the owner asked for are shown as a notice. */
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => ui.toast(faultText(error)));

  return {
    connection,
    sessions,
    conversation,
    ui,
    tab,
    model,
    openSession,
    newChat: async () => {
      const { conversation: is, key } = conversation;
      const unused = key.value !== sessions.mainKey.value && isUnused(is.value);
      if (unused) openSession(key.value);
      else await attempt(sessions.create().then(openSession));
    },
    askReset: (key) => {
      const title = titleIn(sessions, key);
      ui.question.value = {
        title: t("session.reset.title", { title }),
        body: t("session.reset.body"),
        confirm: t("session.reset.confirm"),
        run: () => void attempt(sessions.reset(key).then(() => conversation.reload())),
      };
    },
    remove: (key) => {
      if (key === sessions.mainKey.value) return ui.toast(t("session.main.stays"));
      const title = titleIn(sessions, key);
      sessions.hide(key);
      if (conversation.key.value === key) show(sessions.mainKey.value, "replace");
      ui.toast(t("session.deleted", { title }), {
        action: { label: t("session.undo"), run: () => sessions.show(key) },
        onGone: () => void attempt(sessions.commitRemoval(key).finally(() => sessions.show(key))),
      });
    },
    rename: async (key, label) => void (await attempt(sessions.rename(key, label))),
  };
}

/** A chat that was opened and not begun: another one would only litter the list. */
function isUnused({ loaded, entries, outgoing, runs }: Conversation): boolean {
  return loaded && entries.length + outgoing.length + runs.length === 0;
}

function titleIn(sessions: SessionsStore, key: string): string {
  const row = sessions.row(key);
  return row === undefined ? t("session.untitled") : titleOf(row);
}

function modelOf(sessions: SessionsStore, key: string): ModelName | undefined {
  const row = sessions.rows.value.find((one) => one.key === key);
  return row !== undefined && row.model ? { provider: row.modelProvider, model: row.model } : sessions.model.value;
}
