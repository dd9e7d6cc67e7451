/**
 * The open conversation. The merge is pure (`model/`); this store feeds it:
 *   open or reconnect → subscribe, read history, send again what has no answer (same key: the gateway runs it once)
 *   events of the session → merge; a gap or a message-less end → read history again
 */
import { batch, computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { Fault } from "openclaw/client";
import type { AgentEvent, Gateway, History } from "openclaw/client";
import { newId } from "../lib/ids.ts";
import type { Keeper } from "../lib/storage.ts";
import { activeRuns, emptyConversation } from "../model/conversation.ts";
import type { Conversation, LiveRun } from "../model/conversation.ts";
import { keep, onAgent, onChat, onStored, runOf } from "../model/live.ts";
import { forget, mark, onHistory, onOlder, send } from "../model/merge.ts";
import { looseRows, notesOf, storedRows } from "../model/rows.ts";
import type { Note, Row } from "../model/rows.ts";
import { faultText } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";

export interface Queued {
  readonly id: string;
  readonly text: string;
}

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
  readonly loadingOlder: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<string | undefined>;
  readonly queue: ReadonlySignal<readonly Queued[]>;
  open(key: string): void;
  /** Sends, or queues while an answer is running. */
  submit(text: string): void;
  sendNow(queued: Queued): void;
  unqueue(id: string): Queued | undefined;
  retry(outgoingKey: string): void;
  discard(outgoingKey: string): void;
  stop(): void;
  loadOlder(): void;
  reload(): void;
}

const PAGE = 100;
const OLDER_PAGE = 200;

export interface ConversationOptions {
  readonly kept: Keeper;
  readonly now: () => number;
  /** The owner has said something. */
  readonly onSent: (key: string, text: string) => void;
}

export function createConversation(connection: ConnectionStore, options: ConversationOptions): ConversationStore {
  const { kept, now, onSent } = options;
  const conversation = signal<Conversation>(emptyConversation(""));
  const key = computed(() => conversation.value.sessionKey);
  const stopping = signal(false);
  const loadingOlder = signal(false);
  const problem = signal<string | undefined>(undefined);
  const queue = signal<readonly Queued[]>([]);
  const listening = new WeakSet<Gateway>();
  let reading: Promise<void> | undefined;
  let readAgain = false;

  const entries = computed(() => conversation.value.entries);
  const tools = computed(() => conversation.value.tools);
  const notes = computed(() => steadyNotes(conversation.value));
  const stored = computed(() => storedRows(entries.value, tools.value, notes.value));
  const loose = computed(() => looseRows(conversation.value));
  const sent = computed(() => conversation.value.outgoing.at(-1)?.key);
  const run = computed(() => activeRuns(conversation.value)[0]);

  connection.onOpen((gateway) => {
    if (!listening.has(gateway)) listen(gateway);
    if (key.value !== "") void attach(gateway);
  });

  function listen(gateway: Gateway): void {
    listening.add(gateway);
    gateway.on("chat", (event) => event.sessionKey === key.value && change((is) => onChat(is, event, now())));
    gateway.on("agent", onAgentEvent);
    gateway.on("session.tool", onAgentEvent);
    gateway.on("session.message", (event) => event.sessionKey === key.value && change((is) => onStored(is, event)));
    gateway.onGap(reload);
  }

  function onAgentEvent(event: AgentEvent): void {
    if (event.sessionKey === key.value) change((is) => onAgent(is, event, now()));
  }

  /** Applies a step of the merge and does what follows from it. */
  function change(step: (conversation: Conversation) => Conversation): void {
    const before = conversation.value;
    const after = step(before);
    if (after === before) return;
    conversation.value = after;
    if (activeRuns(before).length > 0 && activeRuns(after).length === 0) onIdle(before, after);
    if (after.stale && !before.stale) reload();
  }

  function onIdle(before: Conversation, after: Conversation): void {
    stopping.value = false;
    const last = activeRuns(before)[0]?.runId;
    const stopped = after.runs.some((one) => one.runId === last && one.ending?.state === "aborted");
    const next = queue.value[0];
    if (next !== undefined && !stopped) sendNow(next);
  }

  async function attach(gateway: Gateway): Promise<void> {
    const at = key.value;
    gateway.request("sessions.messages.subscribe", { key: at }).catch(() => {});
    await read();
    if (at !== key.value) return;
    for (const sent of conversation.value.outgoing) {
      if (sent.state === "sending" || sent.state === "accepted") void deliver(sent.key, sent.text);
    }
  }

  /** Reads the newest page. Requests that come meanwhile cause one more reading. */
  function read(): Promise<void> {
    if (reading !== undefined) {
      readAgain = true;
      return reading;
    }
    reading = readOnce().finally(() => {
      reading = undefined;
      if (!readAgain) return;
      readAgain = false;
      void read();
    });
    return reading;
  }

  async function readOnce(): Promise<void> {
    const gateway = connection.gateway();
    if (gateway === undefined || gateway.state.phase !== "open") return;
    const { sessionKey, tick } = conversation.value;
    try {
      const history = await gateway.request("chat.history", { sessionKey, limit: PAGE });
      if (sessionKey !== key.value) return;
      problem.value = undefined;
      change((is) => onHistory(is, history, tick, now()));
    } catch (error) {
      if (sessionKey === key.value && !isLost(error)) problem.value = faultText(error);
    }
  }

  function reload(): void {
    if (key.value !== "") void read();
  }

  async function deliver(id: string, message: string): Promise<void> {
    const gateway = connection.gateway();
    const sessionKey = key.value;
    if (gateway === undefined) return;
    try {
      const answer = await gateway.request("chat.send", { sessionKey, message, idempotencyKey: id });
      if (sessionKey !== key.value) return;
      const going = answer.status === "started" || answer.status === "in_flight";
      change((is) => (going ? begun(mark(is, id, "accepted"), id) : mark(is, id, "delivered")));
      if (!going) reload();
    } catch (error) {
      // Lost on the way: it is sent again, with the same key, after the next login.
      if (sessionKey === key.value && !isLost(error)) change((is) => mark(is, id, "failed", faultText(error)));
    }
  }

  /** A run shows from its acknowledgement on, before its first event; unless it is over already. */
  function begun(is: Conversation, id: string): Conversation {
    const isOver = !is.outgoing.some((sent) => sent.key === id && sent.state !== "delivered");
    if (isOver || is.runs.some((one) => one.runId === id) || activeRuns(is).length > 0) return is;
    return keep(is, runOf(is, id, now()));
  }

  function dispatch(text: string): void {
    const id = newId();
    change((is) => send(is, { key: id, text }, now()));
    void deliver(id, text);
    onSent(key.value, text);
  }

  function saveQueue(items: readonly Queued[]): void {
    queue.value = items;
    kept.set(`queue.${key.value}`, items.length === 0 ? undefined : JSON.stringify(items));
  }

  function sendNow(queued: Queued): void {
    saveQueue(queue.value.filter((other) => other.id !== queued.id));
    dispatch(queued.text);
  }

  return {
    key,
    conversation,
    stored,
    loose,
    sent,
    run,
    stopping,
    loadingOlder,
    problem,
    queue,
    open: (next) => {
      if (next === key.value) return;
      const gateway = connection.gateway();
      const before = key.value;
      if (before !== "" && gateway?.state.phase === "open") {
        gateway.request("sessions.messages.unsubscribe", { key: before }).catch(() => {});
      }
      batch(() => {
        conversation.value = emptyConversation(next);
        stopping.value = false;
        problem.value = undefined;
        queue.value = readQueue(kept.get(`queue.${next}`));
      });
      if (gateway?.state.phase === "open") void attach(gateway);
    },
    submit: (text) => {
      const busy =
        activeRuns(conversation.value).length > 0 ||
        conversation.value.outgoing.some((sent) => sent.state === "sending");
      if (busy) saveQueue([...queue.value, { id: newId(), text }]);
      else dispatch(text);
    },
    sendNow,
    unqueue: (id) => {
      const found = queue.value.find((item) => item.id === id);
      saveQueue(queue.value.filter((item) => item.id !== id));
      return found;
    },
    retry: (id) => {
      const sent = conversation.value.outgoing.find((one) => one.key === id);
      if (sent === undefined) return;
      change((is) => mark(is, id, "sending"));
      void deliver(id, sent.text);
    },
    discard: (id) => change((is) => forget(is, id)),
    stop: () => {
      const gateway = connection.gateway();
      if (run.value === undefined || gateway === undefined) return;
      stopping.value = true;
      gateway
        .request("chat.abort", { sessionKey: key.value })
        .catch(() => {})
        .then(reload)
        .finally(() => {
          stopping.value = false;
        });
    },
    loadOlder: () => {
      const gateway = connection.gateway();
      const { olderOffset: offset, sessionKey } = conversation.value;
      if (offset === undefined || loadingOlder.value || gateway?.state.phase !== "open") return;
      loadingOlder.value = true;
      gateway
        .request("chat.history", { sessionKey, limit: OLDER_PAGE, offset })
        .then((history: History) => sessionKey === key.value && change((is) => onOlder(is, history, offset)))
        .catch(() => {})
        .finally(() => {
          loadingOlder.value = false;
        });
    },
    reload,
  };
}

const NONE: readonly Note[] = [];

/** The same empty list while there are no notes, so that a token does not make the stored rows again. */
function steadyNotes(conversation: Conversation): readonly Note[] {
  const some =
    conversation.runs.some((run) => run.ending !== undefined) ||
    conversation.outgoing.some((sent) => sent.state === "delivered");
  return some ? notesOf(conversation) : NONE;
}

function isLost(error: unknown): boolean {
  return error instanceof Fault && (error.code === "GATEWAY_CONNECTION_LOST" || error.code === "GATEWAY_NOT_CONNECTED");
}

function readQueue(text: string | undefined): readonly Queued[] {
  if (text === undefined) return [];
  try {
    const items: unknown = JSON.parse(text);
    return Array.isArray(items) ? items.filter(isQueued) : [];
  } catch {
    return [];
  }
}

function isQueued(item: unknown): item is Queued {
  return typeof item === "object" && item !== null && "id" in item && "text" in item && typeof item.text === "string";
}
