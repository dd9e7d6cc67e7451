/**
 * The open conversation. The merge is pure (`model/`); this store feeds it:
 *   open or reconnect → subscribe, read history, send again what has no answer
 *   events of the session → merge; a gap or a message-less end → read history again
 */
import { batch, computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { AgentEvent, ChatEvent, Gateway } from "openclaw/client";
import { t } from "../i18n/index.ts";
import type { Keeper } from "../lib/storage.ts";
import { activeRuns } from "../model/conversation.ts";
import type { Conversation, LiveRun } from "../model/conversation.ts";
import type { SentFile } from "../model/files.ts";
import { onAgent, onChat, onStored } from "../model/live.ts";
import { looseRows, notesOf, storedRows } from "../model/rows.ts";
import type { Note, Row } from "../model/rows.ts";
import type { ConnectionStore } from "./connection.ts";
import { createEditing } from "./editing.ts";
import type { Editing } from "./editing.ts";
import { createHistory } from "./history.ts";
import type { HistoryReader } from "./history.ts";
import { createLive } from "./live.ts";
import type { Live } from "./live.ts";
import { createOutbox } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";
import { createQueue } from "./queue.ts";
import type { Queued } from "./queue.ts";

export interface ConversationStore {
  readonly key: ReadonlySignal<string>;
  readonly conversation: ReadonlySignal<Conversation>;
  /** Rows that do not change with every token. */
  readonly stored: ReadonlySignal<readonly Row[]>;
  readonly loose: ReadonlySignal<readonly Row[]>;
  /** The newest message that is on its way. */
  readonly sent: ReadonlySignal<string | undefined>;
  /** The run shown in the status line. */
  readonly run: ReadonlySignal<LiveRun | undefined>;
  readonly stopping: ReadonlySignal<boolean>;
  readonly history: Pick<HistoryReader, "problem" | "loadingOlder" | "loadOlder">;
  readonly outbox: Pick<Outbox, "retry" | "discard">;
  readonly queue: ReadonlySignal<readonly Queued[]>;
  readonly editing: Editing;
  /** The conversation is being summarised. */
  readonly compacting: ReadonlySignal<boolean>;
  open(key: string): void;
  /** Sends; while an answer runs, `when` says what becomes of it. */
  submit(text: string, when: When, files?: readonly SentFile[]): void;
  /** Sends what is queued without waiting: a run under way is told it between its steps. */
  sendNow(queued: Queued): void;
  unqueue(id: string): Queued | undefined;
  requeue(id: string, text: string): void;
  /** Stops the answer, what waits behind it, and the helpers of the conversation. */
  stop(): void;
  /** Reads the newest page; resolves when it stands. */
  reload(): Promise<void>;
}

/** What is said while an answer runs: told to it at its next step, or kept until it is finished. */
export type When = "now" | "after";

export interface ConversationOptions {
  readonly kept: Keeper;
  readonly now: () => number;
  /** The owner has said something. */
  readonly onSent: (key: string, text: string) => void;
  /** The gateway answers it at once, whatever runs. */
  readonly isCommand: (text: string) => boolean;
  /** The session is set to tell a run under way what is said meanwhile. */
  readonly tells: () => boolean;
  /** Helpers of the open conversation are at work. */
  readonly hasHelpers: () => boolean;
  /** The content of the files of a message. */
  readonly uploads: (key: string, files: readonly SentFile[]) => Promise<readonly unknown[]>;
}

/** Said while an answer runs: it is to stop. */
const STOP = /^\/?(?:stop|abort)[.!?]*$/i;

export function createConversation(connection: ConnectionStore, options: ConversationOptions): ConversationStore {
  const { kept, now, onSent } = options;
  const stopping = signal(false);
  const compacting = signal(false);
  const queue = createQueue(kept);
  const editing = createEditing(kept);
  const reload = () => history.read();
  const live: Live = createLive({
    onIdle: (stopped) => {
      stopping.value = false;
      const next = queue.items.value[0];
      if (next !== undefined && !stopped) sendNow(next);
    },
    onStale: () => void reload(),
  });
  const history = createHistory(connection, live, now);
  const named = (key: string, text: string) => {
    // What the gateway answers itself says nothing of what the conversation is about.
    if (!text.startsWith("/")) onSent(key, text);
  };
  const outbox = createOutbox({
    connection,
    live,
    now,
    onSettled: () => void reload(),
    onSent: named,
    uploads: options.uploads,
  });
  const attach = async (gateway: Gateway) => {
    const key = live.key();
    compacting.value = false;
    gateway.request("sessions.messages.subscribe", { key }).catch(unheard);
    await history.read();
    if (key === live.key()) outbox.resume();
  };
  const sendNow = (queued: Queued) => {
    queue.take(queued.id);
    outbox.dispatch(queued.text, activeRuns(live.value.value).length > 0 ? { queueMode: "steer" } : {});
  };
  const stop = () => {
    if (activeRuns(live.value.value).length === 0 && !options.hasHelpers()) return;
    stopping.value = true;
    void abort(connection.gateway(), live.key()).finally(() => {
      stopping.value = false;
      void reload();
    });
  };
  followEvents(connection, live, {
    now,
    reload: () => void reload(),
    attach,
    onCompacting: (is) => (compacting.value = is),
  });

  return {
    ...viewsOf(live),
    stopping,
    history,
    outbox,
    queue: queue.items,
    editing,
    compacting,
    open: (next) => {
      const before = live.key();
      if (next === before) return;
      batch(() => {
        live.replace(next);
        stopping.value = false;
        compacting.value = false;
        history.forget();
        queue.open(next);
        editing.open(next);
      });
      const gateway = connection.gateway();
      if (gateway?.state.phase !== "open") return;
      if (before !== "") gateway.request("sessions.messages.unsubscribe", { key: before }).catch(unheard);
      void attach(gateway);
    },
    submit: (text, when, files = []) => {
      const { outgoing } = live.value.value;
      const busy = activeRuns(live.value.value).length > 0 || outgoing.some((sent) => sent.state === "sending");
      // Files are not kept here: what comes with some waits at the gateway.
      if (files.length > 0) {
        const waits = { queueMode: when === "now" ? "steer" : "followup" } as const;
        outbox.dispatch(text, busy ? waits : {}, files);
      } else if (busy && STOP.test(text)) stop();
      else if (!busy || options.isCommand(text)) outbox.dispatch(text);
      else if (when === "now") outbox.dispatch(text, options.tells() ? {} : { queueMode: "steer" });
      else queue.add(text);
    },
    sendNow,
    unqueue: (id) => queue.take(id),
    requeue: (id, text) => queue.edit(id, text),
    stop,
    reload,
  };
}

/** What the page shows of the conversation. Stored rows are made again only when what is stored changes. */
function viewsOf(live: Live) {
  const entries = computed(() => live.value.value.entries);
  const tools = computed(() => live.value.value.tools);
  const notes = computed(() => steadyNotes(live.value.value));
  return {
    key: computed(() => live.value.value.sessionKey),
    conversation: live.value,
    stored: computed(() => storedRows(entries.value, tools.value, notes.value)),
    loose: computed(() => looseRows(live.value.value)),
    sent: computed(() => live.value.value.outgoing.at(-1)?.key),
    run: computed(() => activeRuns(live.value.value)[0]),
  };
}

interface Follow {
  readonly now: () => number;
  readonly reload: () => void;
  readonly attach: (gateway: Gateway) => Promise<void>;
  readonly onCompacting: (is: boolean) => void;
}

/** Feeds the events of the open session to the merge, on every connection. */
function followEvents(connection: ConnectionStore, live: Live, { now, reload, attach, onCompacting }: Follow): void {
  const listening = new WeakSet<Gateway>();
  const ours = (sessionKey: string | undefined) => sessionKey !== undefined && sessionKey === live.key();
  const agent = (event: AgentEvent) => {
    if (ours(event.sessionKey)) live.change((is) => onAgent(is, event, now()));
  };
  connection.onOpen((gateway) => {
    if (!listening.has(gateway)) {
      listening.add(gateway);
      gateway.on("agent", agent);
      gateway.on("session.tool", agent);
      gateway.on("chat", (event) => ours(event.sessionKey) && live.change((is) => onChat(is, event, now())));
      gateway.on("chat.side_result", (event) => {
        const aside = event as Aside;
        if (ours(aside.sessionKey)) live.change((is) => onChat(is, asAnswer(aside), now()));
      });
      gateway.on("session.operation", (event) => {
        const { sessionKey, operation, phase, completed } = event as Operation;
        if (!ours(sessionKey) || operation !== "compact") return;
        onCompacting(phase === "start");
        if (completed === true) reload();
      });
      gateway.on("session.message", (event) => ours(event.sessionKey) && live.change((is) => onStored(is, event)));
      gateway.onGap(reload);
    }
    if (live.key() !== "") void attach(gateway);
  });
}

/** Work on a whole session. */
interface Operation {
  readonly sessionKey: string;
  readonly operation: string;
  readonly phase: string;
  readonly completed?: boolean;
}

/** The answer to a side question. */
interface Aside {
  readonly runId: string;
  readonly sessionKey: string;
  readonly question: string;
  readonly text: string;
  readonly ts: number;
}

/** It stands where it was asked, and goes with the page: it is no part of the conversation. */
function asAnswer({ runId, sessionKey, text, ts }: Aside): ChatEvent {
  const content = [{ type: "text" as const, text: `> ${t("message.aside")}\n\n${text}` }];
  return { runId, sessionKey, seq: 1, state: "final", message: { role: "assistant", content, timestamp: ts } };
}

async function abort(gateway: Gateway | undefined, sessionKey: string): Promise<void> {
  await gateway?.request("chat.abort", { sessionKey }).catch(unheard);
}

const NONE: readonly Note[] = [];

/** The same empty list while there are no notes, so that a token does not make the stored rows again. */
function steadyNotes(conversation: Conversation): readonly Note[] {
  const { runs, outgoing } = conversation;
  const some = runs.some((run) => run.ending !== undefined) || outgoing.some((sent) => sent.state === "delivered");
  return some ? notesOf(conversation) : NONE;
}

/** The connection bar tells what there is to tell. */
function unheard(): void {}
