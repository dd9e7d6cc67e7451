/**
 * What fills the window of a conversation, and making room in it.
 *   opened, an answer ended, a summary was made → sessions.context
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Gateway } from "openclaw/client";
import type { ContextReport } from "../model/context.ts";
import { faultText, isLost } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";

/** What came of making room. */
export type Room =
  | { readonly state: "working"; readonly since: number }
  | { readonly state: "done"; readonly before: number; readonly after: number }
  | { readonly state: "nothing"; readonly reason: string }
  | { readonly state: "failed"; readonly problem: string };

export interface ContextReader {
  readonly report: ReadonlySignal<ContextReport | undefined>;
  readonly problem: ReadonlySignal<string | undefined>;
  readonly room: ReadonlySignal<Room | undefined>;
  open(sessionKey: string): void;
  reload(): void;
  /** `focus`: what the summary is to keep in view. */
  compact(focus: string): Promise<void>;
}

/** A model may think long about a long conversation. */
const TIMEOUT_MS = 15 * 60_000;

export function createContextReader(connection: ConnectionStore): ContextReader {
  const report = signal<ContextReport | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  const room = signal<Room | undefined>(undefined);
  let key: string | undefined;

  async function read(gateway: Gateway): Promise<void> {
    const of = key;
    if (of === undefined) return;
    try {
      const answer = await gateway.request("sessions.context", { key: of });
      if (of !== key) return;
      report.value = answer as unknown as ContextReport;
      problem.value = undefined;
    } catch (error) {
      if (of === key && !isLost(error)) problem.value = faultText(error);
    }
  }

  function reload(): void {
    const gateway = connection.gateway();
    if (gateway?.state.phase === "open") void read(gateway);
  }

  const listening = new WeakSet<Gateway>();
  function onOpen(gateway: Gateway): void {
    if (!listening.has(gateway)) {
      listening.add(gateway);
      gateway.on("sessions.changed", ({ sessionKey, reason }) => {
        if (sessionKey === key && reason !== "send" && reason !== "agent.run.started") reload();
      });
    }
    void read(gateway);
  }
  connection.onOpen(onOpen);
  const current = connection.gateway();
  if (current?.state.phase === "open") onOpen(current);

  return {
    report,
    problem,
    room,
    reload,
    open: (sessionKey) => {
      if (sessionKey !== key) {
        report.value = undefined;
        if (room.value?.state !== "working") room.value = undefined;
      }
      key = sessionKey;
      reload();
    },
    async compact(focus) {
      const gateway = connection.gateway();
      if (gateway === undefined || key === undefined || room.value?.state === "working") return;
      room.value = { state: "working", since: Date.now() };
      try {
        const instructions = focus.trim() === "" ? {} : { instructions: focus.trim() };
        const answer = await gateway.request("sessions.compact", { key, ...instructions }, { timeoutMs: TIMEOUT_MS });
        room.value =
          answer.result === undefined
            ? { state: "nothing", reason: answer.reason ?? "" }
            : { state: "done", before: answer.result.tokensBefore, after: answer.result.tokensAfter };
      } catch (error) {
        room.value = { state: "failed", problem: faultText(error) };
      }
      reload();
    },
  };
}
