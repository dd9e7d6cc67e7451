/**
 * What becomes of sub-agents, each step durable before the next, so that a process may end between any two:
 *
 * 1. Its turn is queued; the id of the run is the id of the turn, so that it is queued once.
 * 2. It has ended when no turn of its session is open and nothing that it started itself is left to report.
 * 3. The outcome is recorded: whoever stops it and its own end race here, and the first counts.
 * 4. The requester is told by a turn whose id follows from the run's, so that it is told once.
 * 5. Its session is put away: at once, after a while, or never.
 */
import { errorText } from "../../base/errors.ts";
import { patiently } from "../../base/patience.ts";
import type { Log } from "../../base/log.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Store, SubagentRun, Transcripts, TurnRow } from "../../store/index.ts";
import type { ConfigService } from "../config/index.ts";
import type { OutboundService } from "../outbound/index.ts";
import type { LanesService, SessionsService } from "../sessions/index.ts";
import { announcement, announceId } from "./_announce.ts";
import { Archive, archiveTime } from "./_archive.ts";
import { outcomeOf } from "./_outcome.ts";
import { plainReport, saysNothing } from "./_report.ts";

export interface ChildrenDeps {
  readonly platform: Platform;
  readonly store: Store;
  readonly transcripts: Transcripts;
  readonly config: ConfigService;
  readonly sessions: SessionsService;
  readonly lanes: LanesService;
  readonly outbound: Pick<OutboundService, "compose" | "wake">;
  readonly log: Log;
  /** The gateway is stopping: the next process goes on. */
  readonly closing: AbortSignal;
}

/** One wait for a turn; it is waited for again until it has ended. */
const WAIT_MS = 3_600_000;
/** Pauses between attempts to tell the requester. */
const RETRIES_MS = [1000, 2000, 4000, 8000] as const;
const MOST = 1000;

export class Children {
  readonly archive: Archive;
  readonly #deps: ChildrenDeps;
  readonly #followed = new Map<string, Promise<void>>();
  readonly #listeners = new Set<(run: SubagentRun) => void>();

  constructor(deps: ChildrenDeps) {
    this.#deps = deps;
    this.archive = new Archive(deps);
  }

  onEnded(listener: (run: SubagentRun) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tellEnded(run: SubagentRun): void {
    for (const listener of this.#listeners) listener(run);
  }

  /** Sees a run through to its end and its report. Never rejects. */
  follow(run: SubagentRun): Promise<void> {
    const known = this.#followed.get(run.id);
    if (known) return known;
    const work = this.#carry(run)
      .catch((error: unknown) => {
        if (this.#deps.closing.aborted) return;
        this.#deps.log.error("a sub-agent was lost sight of", { run: run.id, error: errorText(error) });
      })
      .finally(() => this.#followed.delete(run.id));
    this.#followed.set(run.id, work);
    return work;
  }

  /** Goes on with everything that is not over. */
  async resume(): Promise<number> {
    const { store } = this.#deps;
    const left = await store.subagents.list({ unfinished: true, limit: MOST });
    const open = left.filter(({ state, announce }) => state === "open" || announce === "pending");
    for (const run of open) void this.follow(run);
    await this.archive.sweep();
    return open.length;
  }

  async #carry(run: SubagentRun): Promise<void> {
    const { lanes, closing, platform } = this.#deps;
    if (run.state === "open") {
      await patiently(platform.clock, closing, () => lanes.submit(run.turn, []));
      await this.#quiet(run);
      if (closing.aborted) return;
      await this.#end(run);
      this.tellEnded(run);
    }
    const ended = await this.#deps.store.subagents.get(run.id);
    if (ended?.state !== "ended") return;
    if (ended.announce === "pending") await this.#tell(ended);
    if (!closing.aborted) await this.archive.ended(ended);
  }

  /** Waits until neither the session nor anything that it started has work left. */
  async #quiet(run: SubagentRun): Promise<void> {
    const { store, closing } = this.#deps;
    for (;;) {
      await this.#turnEnd(run.id);
      const turns = await store.turns.open(run.childKey);
      for (const { id } of turns) await this.#turnEnd(id);
      const below = (await store.subagents.list({ requesterKey: run.childKey, limit: MOST })).filter(
        ({ state, announce }) => state === "open" || announce === "pending",
      );
      for (const child of below) await this.follow(child);
      if (closing.aborted || (turns.length === 0 && below.length === 0)) return;
      if ((await store.subagents.get(run.id))?.state !== "open") return;
    }
  }

  async #turnEnd(id: string): Promise<void> {
    const { lanes, store, closing } = this.#deps;
    while (!closing.aborted) {
      if (await lanes.wait(id, WAIT_MS, closing)) return;
      if (!(await store.turns.get(id))) return;
    }
  }

  async #end(run: SubagentRun): Promise<void> {
    const { store, config, platform, transcripts, closing } = this.#deps;
    const outcome = await outcomeOf({ store, transcripts }, run, await this.#turnsOf(run));
    const now = platform.clock.now();
    const silent = outcome.status === "ok" && saysNothing(outcome.text);
    await patiently(platform.clock, closing, () =>
      store.subagents.end(run.id, {
        at: now,
        outcome,
        announce: silent ? "silent" : "pending",
        ...archiveTime(config.current(), run, now),
      }),
    );
  }

  /** Every turn that the child was given, in the order in which they ended. */
  async #turnsOf(run: SubagentRun): Promise<readonly TurnRow[]> {
    const { store } = this.#deps;
    const latest = (await store.subagents.get(run.id)) ?? run;
    const below = await store.subagents.list({ requesterKey: run.childKey, limit: MOST });
    const ids = [run.id, ...below.map(({ id }) => announceId(id)), ...(latest.lastTurn ? [latest.lastTurn] : [])];
    const turns = await Promise.all(ids.map((id) => store.turns.get(id)));
    return turns.flatMap((turn) => turn ?? []).toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  }

  /** Queues the turn that tells the requester; a known one is not queued again. */
  async #tell(run: SubagentRun): Promise<void> {
    const { platform, closing, store, lanes, log } = this.#deps;
    for (const pause of [0, ...RETRIES_MS]) {
      try {
        if (pause > 0) await platform.clock.sleep(pause, closing);
        const turn = await announcement(this.#deps, run);
        if (turn) await patiently(platform.clock, closing, () => lanes.submit(turn, []));
        await store.subagents.announced(run.id, turn ? "told" : "silent");
        if (turn) void this.#insteadOf(turn.id, run);
        return;
      } catch (error) {
        if (closing.aborted) return;
        log.warn("the end of a sub-agent could not be reported", { run: run.id, error: errorText(error) });
      }
    }
    await store.subagents.announced(run.id, "failed");
    log.error("the end of a sub-agent was not reported", { run: run.id, session: run.requesterKey });
  }

  /** A model that could not tell the report leaves it untold: then the chat gets it as it is. At best. */
  async #insteadOf(turnId: string, run: SubagentRun): Promise<void> {
    const { lanes, store, outbound, platform, closing, log } = this.#deps;
    try {
      const turn = await lanes.wait(turnId, WAIT_MS, closing);
      const { outcome, replyTo } = run;
      if (turn?.result?.status !== "error" || !outcome || !replyTo || turn.options.deliver !== true) return;
      if (replyTo.address.channel === "webchat") return;
      const options = { keyPrefix: `report:${run.id}`, turnId, at: platform.clock.now(), literal: true } as const;
      await store.outbox.post(outbound.compose([plainReport(run, outcome)], replyTo, options));
      outbound.wake(`${replyTo.address.channel}:${replyTo.address.account}`);
    } catch (error) {
      if (!closing.aborted) log.warn("a report was not delivered", { run: run.id, error: errorText(error) });
    }
  }
}
