/** The stores together. */
import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { cleanAddress, readAddress, withPlace } from "../lib/address.ts";
import { keeper } from "../lib/storage.ts";
import { below } from "../model/helpers.ts";
import { commandIn } from "../model/slash.ts";
import type { Keeper } from "../lib/storage.ts";
import { createActs } from "./acts.ts";
import type { Acts } from "./acts.ts";
import { createApprovals } from "./approvals.ts";
import type { ApprovalsStore } from "./approvals.ts";
import { createAttachments } from "./attachments.ts";
import type { AttachmentsStore } from "./attachments.ts";
import { createBranches } from "./branches.ts";
import type { BranchesStore } from "./branches.ts";
import { createConnection } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";
import { createConversation } from "./conversation.ts";
import type { ConversationStore } from "./conversation.ts";
import { createPage } from "./page.ts";
import type { PageStore } from "./page.ts";
import { createPanel } from "./panel.ts";
import type { PanelStore } from "./panel.ts";
import type { ModelName } from "./session-list.ts";
import { createSessions } from "./sessions.ts";
import type { SessionsStore } from "./sessions.ts";
import { createSlash } from "./slash.ts";
import type { SlashStore } from "./slash.ts";
import { createUi } from "./ui.ts";
import type { UiStore } from "./ui.ts";

export interface App extends Acts {
  readonly connection: ConnectionStore;
  readonly sessions: SessionsStore;
  readonly conversation: ConversationStore;
  readonly attachments: AttachmentsStore;
  readonly branches: BranchesStore;
  readonly panel: PanelStore;
  readonly approvals: ApprovalsStore;
  readonly slash: SlashStore;
  readonly ui: UiStore;
  readonly page: PageStore;
  /** Values of this tab. */
  readonly tab: Keeper;
  /** Model of the open conversation. */
  readonly model: ReadonlySignal<ModelName | undefined>;
  /** What is said while an answer runs goes to it at once, as the open conversation is set. */
  readonly tells: ReadonlySignal<boolean>;
  /** What stands beside the conversation covers it. */
  readonly narrow: ReadonlySignal<boolean>;
}

/** Ways to queue in which a message does not wait for the end of the answer. */
const AT_ONCE = ["steer", "steer-backlog", "queue", "interrupt"];

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
  const connection = createConnection({
    url: address.gateway,
    session: tab,
    version,
    buildId: document.documentElement.dataset["buildId"],
  });
  const sessions: SessionsStore = createSessions(connection, {
    timer,
    isOpen: (key) => key === conversation.key.value && !document.hidden,
  });
  const conversation: ConversationStore = createConversation(connection, {
    kept: tab,
    now: () => Date.now(),
    onSent: sessions.nameAfter,
    // Until the commands are known, what looks like one is for the gateway to judge.
    isCommand: (text) =>
      slash.commands.value.length === 0
        ? /^\/[a-z][\w-]*(?:[\s:]|$)/i.test(text)
        : commandIn(text, slash.commands.value) !== undefined,
    tells: () => tells.value,
    uploads: (key, files) => attachments.uploads(key, files),
    hasHelpers: () => below(conversation.key.value, sessions.helpers.value).some((row) => row.hasActiveRun),
  });
  const attachments = createAttachments(conversation.key);
  const branches = createBranches(connection, {
    conversation: conversation.conversation,
    row: sessions.row,
    reload: conversation.reload,
  });
  const panel = createPanel(connection);
  const approvals = createApprovals(connection);
  const slash = createSlash(connection);
  const show = (key: string, how: "push" | "replace") => {
    conversation.open(key);
    if (panel.place.value?.sessionKey !== key) panel.close();
    sessions.seen(key);
    const clean = cleanAddress(location.href, key === sessions.mainKey.value ? undefined : key);
    setAddress(how === "push" ? withPlace(clean, undefined) : clean, how);
    if (how === "push") page.leave();
  };

  setAddress(cleanAddress(location.href, address.session), "replace");
  const page = createPage(connection, tab, () => (ui.drawer.value = false));
  addEventListener("popstate", () => {
    page.follow();
    show(readAddress(location.href, script).session ?? sessions.mainKey.value, "replace");
  });
  wakeWithPage(connection, () => sessions.seen(conversation.key.value));
  connection.onOpen(() => {
    if (conversation.key.value === "") show(address.session ?? sessions.mainKey.value, "replace");
  });
  connection.start(address.token);

  const model = computed(() => modelOf(sessions, conversation.key.value));
  const tells = computed(() => AT_ONCE.includes(sessions.row(conversation.key.value)?.queueMode ?? ""));
  const acts = createActs({ sessions, conversation, branches, ui, show });
  return {
    connection,
    sessions,
    conversation,
    attachments,
    branches,
    panel,
    approvals,
    slash,
    ui,
    page,
    tab,
    model,
    tells,
    narrow: matches("(width < 1100px)"),
    ...acts,
  };
}

function setAddress(href: string, how: "push" | "replace"): void {
  if (href === location.href) return;
  if (how === "push") history.pushState(null, "", href);
  else history.replaceState(null, "", href);
}

function matches(query: string): ReadonlySignal<boolean> {
  const media = matchMedia(query);
  const is = signal(media.matches);
  media.addEventListener("change", () => (is.value = media.matches));
  return is;
}

/** A page that is looked at again does not wait for its next attempt. */
function wakeWithPage(connection: ConnectionStore, onLook: () => void): void {
  addEventListener("online", () => connection.retryNow());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    connection.retryNow();
    onLook();
  });
}

function modelOf(sessions: SessionsStore, key: string): ModelName | undefined {
  const row = sessions.rows.value.find((one) => one.key === key);
  return row !== undefined && row.model ? { provider: row.modelProvider, model: row.model } : sessions.model.value;
}
