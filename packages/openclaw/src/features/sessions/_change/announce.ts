/** Telling clients that a session changed, and remembering what they were shown of a run that is under way. */
import { errorText } from "../../../base/errors.ts";
import type { EventBus } from "../../../contracts/method.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { SessionRow } from "../../../store/index.ts";
import type { SessionsService } from "../index.ts";
import type { RowView } from "../_list/view.ts";

type Shown = Readonly<Record<string, unknown>>;

export interface AnnouncerDeps {
  readonly platform: Platform;
  readonly events: EventBus;
  readonly view: RowView;
}

export class Announcer implements Pick<SessionsService, "changed" | "shown"> {
  readonly #deps: AnnouncerDeps;
  readonly #running = new Map<string, { readonly runId: string; readonly shown: Shown }>();

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  changed(row: SessionRow, reason: string, activeRunId?: string): void {
    if (reason === "agent.run.started" && activeRunId !== undefined) this.#started(row, activeRunId);
    else if (reason === "agent.run.ended") this.#ended(row);
    else this.#publish(row, activeRunId ?? this.#running.get(row.key)?.runId, { reason });
  }

  shown(key: string): Shown | undefined {
    return this.#running.get(key)?.shown;
  }

  #started(row: SessionRow, runId: string): void {
    this.#publish(row, runId, { reason: "agent.run.started" });
    const shown = this.#publish(row, runId, { phase: "start", runId });
    this.#running.set(row.key, { runId, shown });
  }

  #ended(row: SessionRow): void {
    const runId = this.#running.get(row.key)?.runId;
    this.#running.delete(row.key);
    this.#publish(row, undefined, { reason: "agent.input.settled" });
    if (runId === undefined) return;
    this.#publish(row, undefined, { phase: row.entry["status"] === "failed" ? "error" : "end", runId });
  }

  #publish(row: SessionRow, activeRunId: string | undefined, what: Shown): Shown {
    const { view, platform, events } = this.#deps;
    // Events do not wait for the catalogue of models; the next one has it.
    view
      .ready()
      .catch((error: unknown) => platform.log.for("sessions").warn("models unknown", { error: errorText(error) }));
    const session = { ...view.of(row, activeRunId), ...(activeRunId === undefined ? { activeRunIds: null } : {}) };
    const ts = platform.clock.now();
    events.publish("sessions.changed", { ...session, sessionKey: row.key, agentId: row.agentId, ts, session, ...what });
    return session;
  }
}
