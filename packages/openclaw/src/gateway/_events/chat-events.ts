/**
 * Turns the events of runs into what clients see: `agent` (everything that happens) and `chat` (the
 * answer as it grows, then exactly one end). Text is shown at a pace; ends never wait.
 */
import type { Clock } from "../../base/time.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Use } from "../../contracts/service.ts";
import { Runs, type RunEvent } from "../../features/runs/index.ts";
import { Sessions } from "../../features/sessions/index.ts";
import type { Connection } from "../_socket/connection.ts";
import { RunView, type ViewParts } from "./run-view.ts";

/** Runs that are followed at once; more than this are shown without pace. */
const MAX_RUNS = 10_000;
/** Runs whose end is remembered, so that nothing follows it. */
const MAX_ENDED = 1000;

export interface FollowParts {
  readonly use: Use;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly connections: Iterable<Connection>;
}

/** Follows the runs until the returned function is called. */
export async function followRuns(parts: FollowParts): Promise<() => void> {
  const [runs, sessions] = await Promise.all([parts.use(Runs), parts.use(Sessions)]);
  const translate = chatEvents({ ...parts, shown: (key) => sessions.shown(key) });
  return runs.subscribe(translate);
}

/** The translation itself, one event at a time. */
function chatEvents(parts: Omit<FollowParts, "use"> & Pick<ViewParts, "shown">): (event: RunEvent) => void {
  const views = new Map<string, RunView>();
  const wantsTools = (connId: string) => {
    for (const connection of parts.connections)
      if (connection.id === connId) return connection.caller?.caps.includes("tool-events") ?? false;
    return false;
  };
  const ended = new Set<string>();
  return (event) => {
    if (ended.has(event.runId) && !begins(event)) return;
    ended.delete(event.runId);
    const view =
      views.get(event.runId) ?? new RunView({ bus: parts.bus, clock: parts.clock, wantsTools, shown: parts.shown });
    if (view.take(event) === "ended") {
      views.delete(event.runId);
      ended.add(event.runId);
      const oldest = ended.values().next().value;
      if (ended.size > MAX_ENDED && oldest !== undefined) ended.delete(oldest);
    } else if (views.size < MAX_RUNS || views.has(event.runId)) {
      views.set(event.runId, view);
    }
  };
}

function begins(event: RunEvent): boolean {
  return event.stream === "lifecycle" && event.data["phase"] === "start";
}
