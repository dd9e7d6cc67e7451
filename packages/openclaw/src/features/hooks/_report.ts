/**
 * What the main session hears of a hook's run when it has ended. The wish is written down before the run is
 * queued, so that a run which outlives this process is reported by the next.
 */
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { cut } from "../../base/text.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Kv, Turns, TurnResult } from "../../store/index.ts";
import type { InboundService } from "../inbound/index.ts";
import type { LanesService, SystemEventsService } from "../sessions/index.ts";
import type { WakeMode } from "./_action.ts";

export interface ReportDeps {
  readonly kv: Kv;
  readonly turns: Pick<Turns, "get">;
  readonly lanes: Pick<LanesService, "wait">;
  readonly events: Pick<SystemEventsService, "enqueue">;
  readonly inbound: Pick<InboundService, "wake">;
  readonly log: Log;
  readonly closing: AbortSignal;
}

export interface Report {
  /** Main session of the agent. */
  readonly sessionKey: string;
  readonly name: string;
  readonly wakeMode: WakeMode;
  readonly by: Principal;
}

const SPACE = "hooks.reports";
const LONGEST_RUN_MS = 48 * 3_600_000;
const MAX_SUMMARY = 2000;

export class Reports {
  readonly #deps: ReportDeps;
  readonly #open = new Set<string>();

  constructor(deps: ReportDeps) {
    this.#deps = deps;
  }

  /** Runs whose end is waited for. */
  get open(): number {
    return this.#open.size;
  }

  async announce(runId: string, report: Report): Promise<void> {
    await this.#deps.kv.set(SPACE, runId, JSON.stringify(report));
  }

  /** Reports the run when it ends. Never throws. */
  async follow(runId: string, report: Report): Promise<void> {
    if (this.#open.has(runId)) return;
    this.#open.add(runId);
    try {
      const turn = await this.#deps.lanes.wait(runId, LONGEST_RUN_MS, this.#deps.closing);
      if (this.#deps.closing.aborted) return;
      if (turn?.result !== undefined) await this.#say(report, turn.result);
      await this.#deps.kv.delete(SPACE, runId);
    } catch (error) {
      this.#deps.log.error("the end of a hook's run could not be reported", { run: runId, error: errorText(error) });
    } finally {
      this.#open.delete(runId);
    }
  }

  /** Takes up what a previous process wrote down. */
  async resume(): Promise<number> {
    const rows = await this.#deps.kv.list(SPACE);
    for (const { key, value } of rows) {
      // Written down, but the process died before the run was queued: nobody was told that there is one.
      if ((await this.#deps.turns.get(key)) === undefined) await this.#deps.kv.delete(SPACE, key);
      else void this.follow(key, JSON.parse(value) as Report);
    }
    return rows.length;
  }

  async #say({ sessionKey, name, wakeMode, by }: Report, result: TurnResult): Promise<void> {
    const { text, worthWaking } = summaryOf(name, result);
    await this.#deps.events.enqueue({ sessionKey, text, by });
    if (wakeMode === "now" && worthWaking) await this.#deps.inbound.wake(sessionKey, `hook:${name}`);
  }
}

function summaryOf(name: string, result: TurnResult): { readonly text: string; readonly worthWaking: boolean } {
  const said = cut(result.texts.join(" ").trim(), MAX_SUMMARY);
  if (result.status === "ok")
    return { text: `Hook ${name}: ${said === "" ? "done, with nothing to report" : said}`, worthWaking: said !== "" };
  const why = result.error?.message ?? (result.status === "aborted" ? "it was stopped" : "it failed");
  return { text: `Hook ${name} (${result.status}): ${cut(why, MAX_SUMMARY)}`, worthWaking: true };
}
