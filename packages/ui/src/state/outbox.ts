/** The owner's messages on their way. A lost one is sent again with its key: the gateway runs it once. */
import { newId } from "../lib/ids.ts";
import { activeRuns } from "../model/conversation.ts";
import type { Conversation, Outgoing } from "../model/conversation.ts";
import type { SentFile } from "../model/files.ts";
import { keep, runOf } from "../model/live.ts";
import { forget, mark, send } from "../model/merge.ts";
import { faultText, isLost } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";
import type { Live } from "./live.ts";

/** What a message does while an answer runs; as the session is set when absent. */
export interface Urgency {
  readonly queueMode?: "steer" | "followup";
}

const UPLOAD_MS = 300_000;

export interface Outbox {
  dispatch(text: string, urgency?: Urgency, files?: readonly SentFile[]): void;
  retry(key: string): void;
  discard(key: string): void;
  /** Sends again what has no answer. */
  resume(): void;
}

type Message = Pick<Outgoing, "key" | "text" | "files">;

export interface OutboxOptions {
  readonly connection: ConnectionStore;
  readonly live: Live;
  readonly now: () => number;
  /** The gateway had dealt with a message already: the history tells how. */
  readonly onSettled: () => void;
  readonly onSent: (sessionKey: string, text: string) => void;
  readonly uploads: (key: string, files: readonly SentFile[]) => Promise<readonly unknown[]>;
}

export function createOutbox({ connection, live, now, onSettled, onSent, uploads }: OutboxOptions): Outbox {
  async function deliver({ key: id, text: message, files = [] }: Message, urgency: Urgency = {}): Promise<void> {
    const gateway = connection.gateway();
    const sessionKey = live.key();
    if (gateway === undefined) return;
    try {
      const more = files.length === 0 ? {} : { attachments: await uploads(id, files) };
      const asked = { sessionKey, message, idempotencyKey: id, ...urgency, ...more };
      const answer = await gateway.request("chat.send", asked, files.length === 0 ? {} : { timeoutMs: UPLOAD_MS });
      if (sessionKey !== live.key()) return;
      const going = answer.status === "started" || answer.status === "in_flight";
      live.change((is) => (going ? begun(mark(is, id, "accepted"), id, now()) : mark(is, id, "delivered")));
      if (!going) onSettled();
    } catch (error) {
      if (sessionKey === live.key() && !isLost(error)) live.change((is) => mark(is, id, "failed", faultText(error)));
    }
  }

  return {
    dispatch: (text, urgency, files = []) => {
      const message = { key: newId(), text, ...(files.length === 0 ? {} : { files }) };
      live.change((is) => send(is, message, now()));
      void deliver(message, urgency);
      onSent(live.key(), text === "" ? (files[0]?.name ?? "") : text);
    },
    retry: (key) => {
      const sent = live.value.value.outgoing.find((one) => one.key === key);
      if (sent === undefined) return;
      live.change((is) => mark(is, key, "sending"));
      void deliver(sent);
    },
    discard: (key) => live.change((is) => forget(is, key)),
    resume: () => {
      for (const sent of live.value.value.outgoing) {
        if (sent.state === "sending" || sent.state === "accepted") void deliver(sent);
      }
    },
  };
}

/** A run shows from its acknowledgement on, before its first event; unless it is over already. */
function begun(is: Conversation, id: string, now: number): Conversation {
  const waits = is.outgoing.some((sent) => sent.key === id && sent.state !== "delivered");
  if (!waits || is.runs.some((run) => run.runId === id) || activeRuns(is).length > 0) return is;
  return keep(is, runOf(is, id, now));
}
