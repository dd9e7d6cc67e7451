import { uuid } from "../../base/ids.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import type { Principal } from "../../contracts/principal.ts";
import { Models } from "../../models/index.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import type { SubagentRun } from "../../store/index.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Outbound } from "../outbound/index.ts";
import { Lanes, Sessions, parseKey } from "../sessions/index.ts";
import { inWeb, inside } from "./_announce.ts";
import { actingFor } from "./_authority.ts";
import { archiveTime } from "./_archive.ts";
import { Children } from "./_children.ts";
import { nameOf } from "./_report.ts";
import { spawn } from "./_spawn.ts";
import type { SpawnDeps } from "./_spawn.ts";
import { SessionTalks } from "./_talks.ts";
import type { TalksService } from "./_talk.ts";
import { Talks } from "./_service-tokens.ts";
import { errors } from "./errors.ts";
import { Subagents } from "./index.ts";
import type { SubagentsService } from "./index.ts";

const MOST = 1000;

async function makeSubagents({ use, platform, scope }: ServiceContext): Promise<SubagentsService> {
  const deps: SpawnDeps = {
    platform,
    store: await use(StoreToken),
    transcripts: await use(TranscriptsToken),
    config: await use(Config),
    sessions: await use(Sessions),
    lanes: await use(Lanes),
    agents: await use(Agents),
    models: await use(Models),
    outbound: await use(Outbound),
    log: platform.log.for("subagents"),
    closing: scope.signal,
  };
  return createSubagents(deps, () => use(Talks));
}

export function createSubagents(deps: SpawnDeps, talks: () => Promise<TalksService>): SubagentsService {
  const { store, lanes, platform, sessions, config } = deps;
  const children = new Children(deps);
  lanes.onStop(({ sessionKey, by, reason }) => service.stopOf(sessionKey, by, reason));

  const service: SubagentsService = {
    async spawn(request, by) {
      const spawned = await spawn(deps, request, by);
      if ("run" in spawned) void children.follow(spawned.run);
      return spawned.answer;
    },
    list: (requesterKey) => store.subagents.list({ requesterKey, limit: MOST }),
    active: (run) => run.state === "open" || lanes.active(run.childKey) !== undefined,
    async stopOf(requesterKey, by, reason) {
      let count = 0;
      for (const run of await service.list(requesterKey))
        if (service.active(run)) count += await service.kill(run, by, reason);
      return count;
    },
    /** The end is written first: what is stopped is not reported, whenever this process ends. */
    async kill(run, by, reason) {
      const now = platform.clock.now();
      const ended = await store.subagents.end(run.id, stopped(deps, run, now));
      const below = await service.stopOf(run.childKey, by, reason);
      // One that has reported may be at work again because somebody wrote to it.
      const runs = await lanes.abort({ sessionKey: run.childKey }, by, reason);
      children.tellEnded(run);
      const again = runs.length > 0 && run.outcome?.status !== "aborted";
      return below + (ended || again ? 1 : 0);
    },
    async tell(run, text, by, how) {
      if (how === "steer" && !service.active(run)) throw errors.SUBAGENT_ENDED({ name: nameOf(run) });
      if (!(await sessions.get(run.childKey))) throw errors.SUBAGENT_AWAY({ name: nameOf(run) });
      const id = uuid(platform.random);
      await lanes.submit(
        {
          id,
          agentId: run.turn.agentId,
          sessionKey: run.childKey,
          principal: told(by, run),
          text,
          replyTo: inWeb(run.childKey),
          options: {
            ...(how === "steer" ? { deliver: false, promptMode: "minimal", queue: "steer" } : inside(run)),
            from: { sessionKey: run.requesterKey, tool: "subagents" },
          },
          createdAt: platform.clock.now(),
        },
        [],
      );
      await store.subagents.gave(run.id, id);
      const { archiveAt } = archiveTime(config.current(), run, platform.clock.now());
      if (run.archiveAt !== undefined && run.archivedAt === undefined && archiveAt !== undefined)
        await store.subagents.archive(run.id, { at: archiveAt });
      return id;
    },
    onEnded: (listener) => children.onEnded(listener),
    async resume() {
      await stopLeftovers(deps);
      return (await children.resume()) + (await (await talks()).resume());
    },
  };
  return service;
}

function stopped({ config }: SpawnDeps, run: SubagentRun, now: number) {
  return {
    at: now,
    outcome: { status: "aborted", runtimeMs: now - run.createdAt, usage: NO_USAGE, sessionId: "" },
    announce: "silent",
    ...archiveTime(config.current(), run, now),
  } as const;
}

/** What is told acts with the authority of whoever tells it, and never with more than the child has. */
function told(by: Principal, run: SubagentRun): Principal {
  return actingFor(by, run.requesterKey);
}

/** Turns of sub-agents that were stopped when the previous process ended before it could stop them. */
async function stopLeftovers({ store, lanes }: SpawnDeps): Promise<void> {
  for (const turn of await store.turns.open()) {
    if (parseKey(turn.sessionKey)?.rest.includes("subagent:") !== true) continue;
    const run = await store.subagents.ofSession(turn.sessionKey);
    if (run?.id === turn.id && run.outcome?.status === "aborted")
      await lanes.abort({ sessionKey: turn.sessionKey, runId: turn.id }, run.requester, "stop");
  }
}

async function makeTalks({ use, platform, scope }: ServiceContext): Promise<TalksService> {
  return new SessionTalks({
    platform,
    store: await use(StoreToken),
    config: await use(Config),
    sessions: await use(Sessions),
    lanes: await use(Lanes),
    outbound: await use(Outbound),
    log: platform.log.for("talks"),
    closing: scope.signal,
  });
}

export const services = [provide(Subagents, makeSubagents), provide(Talks, makeTalks)];
