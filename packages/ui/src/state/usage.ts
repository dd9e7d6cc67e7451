/**
 * What models were used for.
 *   opened, reconnected, another span → sessions.usage, usage.status; what is known stays until the answer is there
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Gateway } from "openclaw/client";
import { dayBefore } from "../model/usage.ts";
import type { Measure, Quota, Report } from "../model/usage.ts";
import { faultText, isLost } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";

export const SPANS = [7, 30, 90] as const;
export type Span = (typeof SPANS)[number];

export interface UsageStore {
  readonly report: ReadonlySignal<Report | undefined>;
  /** Undefined until providers have answered. */
  readonly quotas: ReadonlySignal<readonly Quota[] | undefined>;
  /** Why nothing could be loaded. */
  readonly problem: ReadonlySignal<string | undefined>;
  readonly span: ReadonlySignal<Span>;
  readonly measure: Signal<Measure>;
  choose(span: Span): void;
  reload(): void;
}

/** So many conversations are told apart. */
export const MOST_SESSIONS = 20;

export function createUsage(connection: ConnectionStore): UsageStore {
  const report = signal<Report | undefined>(undefined);
  const quotas = signal<readonly Quota[] | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  const span = signal<Span>(30);
  let loads = 0;

  async function load(gateway: Gateway): Promise<void> {
    loads += 1;
    const turn = loads;
    // Providers may take their time; the books do not wait for them.
    void gateway.request("usage.status", {}).then(
      (answer) => (quotas.value = (answer as unknown as { providers: readonly Quota[] }).providers),
      () => {},
    );
    try {
      const answer = await gateway.request("sessions.usage", {
        startDate: dayBefore(Date.now(), span.value - 1),
        endDate: dayBefore(Date.now(), 0),
        mode: "specific",
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        agentScope: "all",
        limit: MOST_SESSIONS,
      });
      if (turn !== loads) return;
      report.value = answer as unknown as Report;
      problem.value = undefined;
    } catch (error) {
      if (turn === loads && !isLost(error) && report.value === undefined) problem.value = faultText(error);
    }
  }

  function reload(): void {
    const gateway = connection.gateway();
    if (gateway?.state.phase === "open") void load(gateway);
  }

  connection.onOpen((gateway) => void load(gateway));
  reload();

  return {
    report,
    quotas,
    problem,
    span,
    measure: signal<Measure>("cost"),
    choose: (next) => {
      span.value = next;
      reload();
    },
    reload,
  };
}
