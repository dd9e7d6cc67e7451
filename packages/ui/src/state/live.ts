/** The open conversation as a value that changes step by step, and what follows from a step. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { activeRuns, emptyConversation } from "../model/conversation.ts";
import type { Conversation } from "../model/conversation.ts";

export interface Live {
  readonly value: ReadonlySignal<Conversation>;
  readonly key: () => string;
  /** Applies a step of the merge. */
  change(step: (conversation: Conversation) => Conversation): void;
  /** Begins with another conversation. */
  replace(key: string): void;
}

export interface LiveEffects {
  /** The last run has ended. */
  readonly onIdle: (stopped: boolean) => void;
  /** Something ended that only the history tells whole. */
  readonly onStale: () => void;
}

export function createLive(effects: LiveEffects): Live {
  const value = signal<Conversation>(emptyConversation(""));
  return {
    value,
    key: () => value.value.sessionKey,
    change: (step) => {
      const before = value.value;
      const after = step(before);
      if (after === before) return;
      value.value = after;
      const last = activeRuns(before)[0];
      if (last !== undefined && activeRuns(after).length === 0) {
        effects.onIdle(after.runs.some((run) => run.runId === last.runId && run.ending?.state === "aborted"));
      }
      if (after.stale && !before.stale) effects.onStale();
    },
    replace: (key) => {
      value.value = emptyConversation(key);
    },
  };
}
