/**
 * The way of one run, as the gateway has recorded it.
 *   opened → audit.run.inspect; without an id the newest run of the session
 *   once for each connection → audit.activity.follow, so that a run under way and late deliveries show as they happen
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Gateway } from "openclaw/client";
import type { Fact, RunSummary, RunTold } from "../model/timeline.ts";
import { faultText, isLost } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";

export interface RunReader {
  /** `none`: nothing was run yet. */
  readonly told: ReadonlySignal<RunTold | "none" | undefined>;
  readonly problem: ReadonlySignal<string | undefined>;
  open(sessionKey: string, runId: string | undefined): void;
}

export function createRunReader(connection: ConnectionStore): RunReader {
  const told = signal<RunTold | "none" | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  let wanted: { readonly sessionKey: string; readonly runId: string | undefined } | undefined;
  let turn = 0;

  async function read(gateway: Gateway): Promise<void> {
    if (wanted === undefined) return;
    const { sessionKey } = wanted;
    turn += 1;
    const mine = turn;
    try {
      const runId = wanted.runId ?? (await newestRun(gateway, sessionKey));
      const found = runId === undefined ? "none" : await inspect(gateway, runId);
      if (mine !== turn) return;
      told.value = found;
      problem.value = undefined;
    } catch (error) {
      if (mine === turn && !isLost(error)) problem.value = faultText(error);
    }
  }

  function onFact(gateway: Gateway, fact: Fact): void {
    const is = told.value;
    if (is === undefined || is === "none" || fact.runId !== is.run.runId) return;
    if (is.events.some(({ id }) => id === fact.id)) return;
    told.value = { ...is, events: [...is.events, fact] };
    // How it ended stands in the run itself.
    if (fact.kind === "end") void read(gateway);
  }

  const listening = new WeakSet<Gateway>();
  function onOpen(gateway: Gateway): void {
    if (!listening.has(gateway)) {
      listening.add(gateway);
      gateway.on("audit.activity", (fact) => onFact(gateway, fact as Fact));
    }
    // Before reading: what happens meanwhile may come both ways, never neither.
    gateway.request("audit.activity.follow", {}).catch(() => {});
    void read(gateway);
  }

  connection.onOpen(onOpen);
  const current = connection.gateway();
  if (current?.state.phase === "open") onOpen(current);

  return {
    told,
    problem,
    open: (sessionKey, runId) => {
      wanted = { sessionKey, runId };
      told.value = undefined;
      problem.value = undefined;
      const gateway = connection.gateway();
      if (gateway?.state.phase === "open") void read(gateway);
    },
  };
}

async function newestRun(gateway: Gateway, sessionKey: string): Promise<string | undefined> {
  const answer = await gateway.request("audit.list", { sessionKey, kind: "start", limit: 1 });
  return (answer as { readonly events: readonly Fact[] }).events[0]?.runId;
}

async function inspect(gateway: Gateway, runId: string): Promise<RunTold> {
  const answer = await gateway.request("audit.run.inspect", { runId });
  const { run, events } = answer as { readonly run: RunSummary; readonly events: readonly Fact[] };
  return { run, events };
}
