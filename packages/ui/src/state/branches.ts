/**
 * Ways of the open conversation, and going between them.
 *   opened, went back, went on → sessions.branches.list, where the conversation is known to have any
 *   the gateway tells that it was turned, by whomever → the history is read again
 */
import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Branch, Gateway, SessionRow } from "openclaw/client";
import { NO_FORKS, forksOf } from "../model/branches.ts";
import type { Forks } from "../model/branches.ts";
import type { Conversation } from "../model/conversation.ts";
import type { ConnectionStore } from "./connection.ts";

export interface BranchesStore {
  readonly forks: ReadonlySignal<Forks>;
  /** The conversation is being turned. */
  readonly turning: ReadonlySignal<boolean>;
  /** Goes on after a message, or in its place. Rejects with what the gateway says. */
  rewind(messageId: string, before?: boolean): Promise<void>;
  /** Goes on with another way, named by its newest message. */
  turnTo(branchId: string): Promise<void>;
  /** A new session that knows what was said up to a message; its key. */
  fork(messageId: string): Promise<string>;
}

export interface BranchesOptions {
  readonly conversation: ReadonlySignal<Conversation>;
  readonly row: (key: string) => SessionRow | undefined;
  /** Reads the newest page again; resolves when it stands. */
  readonly reload: () => Promise<void>;
}

/** Why a session changed, when what it says is another now. */
const TURNS = ["rewind", "branch", "compact", "reset", "new"];

export function createBranches(
  connection: ConnectionStore,
  { conversation, row, reload }: BranchesOptions,
): BranchesStore {
  const list = signal<readonly Branch[]>([]);
  const turning = signal(false);
  const key = computed(() => conversation.value.sessionKey);
  let asked = "";

  /** Whether there is anything to ask for: lists of branches are read from the whole transcript. */
  const marked = computed(() => {
    const { sessionId } = conversation.value;
    const mark = row(key.value)?.branchedSessionId;
    return sessionId !== undefined && mark === sessionId;
  });
  const newest = computed(
    () => conversation.value.entries.findLast(({ message }) => message.role === "user")?.id ?? "",
  );

  // A way that was left is told of by the first message of the next one.
  computed(() => `${key.value} ${marked.value} ${newest.value}`).subscribe((now) => {
    if (!marked.value) list.value = [];
    else if (now !== asked) void load();
    asked = now;
  });

  async function load(): Promise<void> {
    const gateway = connection.gateway();
    const of = key.value;
    if (gateway?.state.phase !== "open" || of === "") return;
    const answer = await gateway.request("sessions.branches.list", { key: of }).catch(() => undefined);
    if (answer !== undefined && of === key.value) list.value = answer.branches;
  }

  async function turn<T>(work: (gateway: Gateway) => Promise<T>): Promise<void> {
    const gateway = connection.gateway();
    if (gateway === undefined || turning.value) return;
    turning.value = true;
    try {
      await work(gateway);
      await reload();
      await load();
    } finally {
      turning.value = false;
    }
  }

  const listening = new WeakSet<Gateway>();
  connection.onOpen((gateway) => {
    if (listening.has(gateway)) return;
    listening.add(gateway);
    gateway.on("sessions.changed", ({ sessionKey, reason }) => {
      if (sessionKey !== key.value || turning.value || !TURNS.includes(reason ?? "")) return;
      void reload().then(() => (marked.value ? load() : undefined));
    });
  });

  return {
    forks: computed(() => {
      const { entries, olderOffset, loaded } = conversation.value;
      return list.value.length < 1 ? NO_FORKS : forksOf(list.value, entries, loaded && olderOffset === undefined);
    }),
    turning,
    rewind: (messageId, before = false) =>
      turn((gateway) =>
        gateway.request("sessions.rewind", { key: key.value, messageId, ...(before ? { before } : {}) }),
      ),
    turnTo: (branchId) => turn((gateway) => gateway.request("sessions.branches.switch", { key: key.value, branchId })),
    async fork(messageId) {
      const gateway = connection.gateway();
      if (gateway === undefined) throw new Error("nobody is logged in");
      return (await gateway.request("sessions.fork", { key: key.value, messageId })).key;
    },
  };
}
