/** Reading what was said: the newest page when asked for, older pages on demand. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { History } from "openclaw/client";
import { onHistory, onOlder } from "../model/merge.ts";
import { faultText, isLost } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";
import type { Live } from "./live.ts";

export interface HistoryReader {
  /** Why the newest page could not be read. */
  readonly problem: ReadonlySignal<string | undefined>;
  readonly loadingOlder: ReadonlySignal<boolean>;
  /** Reads the newest page. Calls that come meanwhile cause one more reading, and wait for it. */
  read(): Promise<void>;
  loadOlder(): void;
  /** The conversation is another. */
  forget(): void;
}

const PAGE = 100;
const OLDER_PAGE = 200;

export function createHistory(connection: ConnectionStore, live: Live, now: () => number): HistoryReader {
  const problem = signal<string | undefined>(undefined);
  const loadingOlder = signal(false);
  let reading: Promise<void> | undefined;
  let again = false;

  function read(): Promise<void> {
    if (reading !== undefined) {
      again = true;
      return reading.then(() => reading);
    }
    reading = readOnce().finally(() => {
      reading = undefined;
      if (!again) return;
      again = false;
      void read();
    });
    return reading;
  }

  async function readOnce(): Promise<void> {
    const gateway = connection.gateway();
    const { sessionKey, tick } = live.value.value;
    if (sessionKey === "" || gateway?.state.phase !== "open") return;
    try {
      const history = await gateway.request("chat.history", { sessionKey, limit: PAGE });
      if (sessionKey !== live.key()) return;
      problem.value = undefined;
      live.change((is) => onHistory(is, history, tick, now()));
    } catch (error) {
      if (sessionKey === live.key() && !isLost(error)) problem.value = faultText(error);
    }
  }

  async function readOlder(offset: number): Promise<void> {
    const gateway = connection.gateway();
    const sessionKey = live.key();
    if (gateway?.state.phase !== "open") return;
    loadingOlder.value = true;
    try {
      const page: History = await gateway.request("chat.history", { sessionKey, limit: OLDER_PAGE, offset });
      if (sessionKey === live.key()) live.change((is) => onOlder(is, page, offset));
    } catch {
      // The next scrolling asks again.
    } finally {
      loadingOlder.value = false;
    }
  }

  return {
    problem,
    loadingOlder,
    read,
    loadOlder: () => {
      const { olderOffset } = live.value.value;
      if (olderOffset !== undefined && !loadingOlder.value) void readOlder(olderOffset);
    },
    forget: () => {
      problem.value = undefined;
    },
  };
}
