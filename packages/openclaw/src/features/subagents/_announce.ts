/** The turn in which a requester hears how its sub-agent ended. */
import { derivedUuid } from "../../base/ids.ts";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { Platform } from "../../contracts/service.ts";
import type { NewTurn, QueueMode, Store, SubagentRun, Transcripts } from "../../store/index.ts";
import { parseKey } from "../sessions/index.ts";
import type { LanesService } from "../sessions/index.ts";
import { actingFor } from "./_authority.ts";
import { report } from "./_report.ts";

interface AnnounceDeps {
  readonly platform: Pick<Platform, "clock" | "random">;
  readonly store: Pick<Store, "sessions" | "subagents">;
  readonly transcripts: Pick<Transcripts, "path">;
  readonly lanes: Pick<LanesService, "queueSettings" | "depth">;
}

/** Follows from the run's id: told once, whichever process tells it. */
export function announceId(runId: string): string {
  return derivedUuid(`announce:${runId}`);
}

/** Undefined when nobody is left to be told. */
export async function announcement(deps: AnnounceDeps, run: SubagentRun): Promise<NewTurn | undefined> {
  const { store, transcripts, platform } = deps;
  const { outcome, requesterKey } = run;
  if (!outcome || !(await store.sessions.get(requesterKey))) return undefined;
  const above = await store.subagents.ofSession(requesterKey);
  // A requester that was stopped started nothing that anybody waits for.
  if (above?.outcome?.status === "aborted") return undefined;
  const siblings = await store.subagents.list({ requesterKey, state: "open", limit: 100 });
  const agentId = parseKey(requesterKey)?.agentId ?? "main";
  const child = parseKey(run.childKey)?.agentId ?? "main";
  const text = report(run, outcome, {
    transcript: transcripts.path({ agentId: child, sessionId: outcome.sessionId }),
    nested: above !== undefined,
    pending: siblings.filter(({ id }) => id !== run.id).length,
    random: platform.random,
  });
  return {
    id: announceId(run.id),
    agentId,
    sessionKey: requesterKey,
    principal: actingFor(run.requester, run.childKey),
    text,
    ...(above ? { replyTo: inWeb(requesterKey) } : run.replyTo ? { replyTo: run.replyTo } : {}),
    options: {
      ...(above ? inside(above) : { deliver: true, ...(await steered(deps, run)) }),
      from: { sessionKey: run.childKey, tool: "sessions_spawn" },
    },
    createdAt: platform.clock.now(),
  };
}

/** Where a sub-agent's session is looked at: nothing is delivered there. */
export function inWeb(sessionKey: string): ReplyRoute {
  return { address: { channel: "webchat", account: "default", kind: "direct", chat: sessionKey } };
}

/** A requester that is told what is written meanwhile is told this too; while its line is long, each in its turn. */
async function steered(
  { lanes }: AnnounceDeps,
  { requesterKey, replyTo }: SubagentRun,
): Promise<{ queue?: QueueMode }> {
  const { mode } = await lanes.queueSettings(requesterKey, replyTo?.address.channel);
  const steers = mode === "steer" || mode === "steer-backlog" || mode === "queue";
  return steers && lanes.depth(requesterKey) < LONG_LINE ? { queue: "steer" } : {};
}

const LONG_LINE = 5;

/** Options of every turn of a sub-agent's session. */
export function inside(run: SubagentRun): NewTurn["options"] {
  const { timeoutMs, extraSystemPrompt } = run.turn.options;
  return {
    lane: "subagent",
    deliver: false,
    promptMode: "minimal",
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(extraSystemPrompt === undefined ? {} : { extraSystemPrompt }),
  };
}
