/**
 * Sessions of sub-agents are put away: the row goes, the transcript is kept under another name. When is written
 * down with each run, so that a restart knows it again; the timer here is only the next of them.
 */
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Store, SubagentRun } from "../../store/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { LanesService, SessionsService } from "../sessions/index.ts";
import { settingsOf } from "./_settings.ts";

interface ArchiveDeps {
  readonly platform: Pick<Platform, "clock">;
  readonly store: Pick<Store, "subagents" | "turns">;
  readonly sessions: Pick<SessionsService, "delete">;
  readonly lanes: Pick<LanesService, "active">;
  readonly log: Log;
  readonly closing: AbortSignal;
}

/** When the session of a run that ends now may be put away; `{}` = never. */
export function archiveTime(config: ConfigSnapshot, run: SubagentRun, now: number): { readonly archiveAt?: number } {
  if (run.cleanup === "delete") return { archiveAt: now };
  const { archiveAfterMinutes: minutes } = settingsOf(config, run.turn.agentId);
  return minutes === 0 ? {} : { archiveAt: now + minutes * 60_000 };
}

const LONGEST_MS = 6 * 3_600_000;
/** A session that is at work when its time comes. */
const BUSY_MS = 60_000;
/** Rows of the past stay this long, for lists. */
const KEPT_MS = 7 * 86_400_000;
const MOST = 1000;

export class Archive {
  readonly #deps: ArchiveDeps;
  #cancel = () => {};

  constructor(deps: ArchiveDeps) {
    this.#deps = deps;
  }

  /** A run has ended and was reported. */
  async ended(run: SubagentRun): Promise<void> {
    if (run.archiveAt !== undefined) await this.sweep();
  }

  /** Puts away what is due and waits for the next. Never rejects. */
  async sweep(): Promise<void> {
    const { store, platform, log, closing } = this.#deps;
    this.#cancel();
    if (closing.aborted) return;
    try {
      const left = await store.subagents.list({ unfinished: true, limit: MOST });
      let next = Number.POSITIVE_INFINITY;
      for (const run of left.filter(({ state, archiveAt }) => state === "ended" && archiveAt !== undefined))
        next = Math.min(next, await this.#one(run));
      await store.subagents.prune(platform.clock.now() - KEPT_MS);
      if (next < Number.POSITIVE_INFINITY) this.#later(next - platform.clock.now());
    } catch (error) {
      log.warn("sub-agents were not put away", { error: errorText(error) });
      this.#later(BUSY_MS);
    }
  }

  /** When to look at it again; never once it is away. */
  async #one(run: SubagentRun): Promise<number> {
    const { store, platform, sessions, lanes } = this.#deps;
    const now = platform.clock.now();
    const at = run.archiveAt ?? now;
    if (at > now) return at;
    const busy =
      run.announce === "pending" ||
      lanes.active(run.childKey) !== undefined ||
      (await store.turns.open(run.childKey)).length > 0;
    if (busy) return now + BUSY_MS;
    await sessions.delete(run.childKey, { deleteTranscript: true });
    await store.subagents.archive(run.id, { done: now });
    return Number.POSITIVE_INFINITY;
  }

  #later(ms: number): void {
    this.#cancel();
    this.#cancel = this.#deps.platform.clock.timer(Math.min(Math.max(ms, 1000), LONGEST_MS), () => void this.sweep());
  }
}
