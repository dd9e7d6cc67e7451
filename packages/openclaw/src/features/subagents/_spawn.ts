/**
 * Starting a sub-agent: what may not be is answered, the rest is written down before anything runs.
 *
 * 1. What is not available, then the checks of `_checks.ts`.
 * 2. Model and thinking level; what cannot be used is passed over with a warning.
 * 3. Folder, files, and a copy of the conversation where it is wanted. Nothing refers to them yet.
 * 4. Run and session in one step. From here on the run happens, whatever ends this process.
 */
import { uuid } from "../../base/ids.ts";
import { compact } from "../../base/text.ts";
import type { ModelsService } from "../../models/index.ts";
import type { NewTurn, SessionRow, SubagentRun } from "../../store/index.ts";
import type { Agent, AgentsService } from "../agents/index.ts";
import { isSandboxed } from "../policy/index.ts";
import { parseKey, sessionSection } from "../sessions/index.ts";
import { inWeb } from "./_announce.ts";
import { actingFor, depthOf } from "./_authority.ts";
import { permitted, tooMany, unavailable } from "./_checks.ts";
import type { ChildrenDeps } from "./_children.ts";
import { copyConversation } from "./_fork.ts";
import type { Requester, SpawnAnswer, SpawnRequest } from "./index.ts";
import { placeOf } from "./_place.ts";
import type { Place } from "./_place.ts";
import { chooseModel, chooseThinking } from "./_model.ts";
import type { ModelChoice } from "./_model.ts";
import { standing } from "./_prompt.ts";
import { settingsOf } from "./_settings.ts";
import type { SubagentSettings } from "./_settings.ts";

export interface SpawnDeps extends ChildrenDeps {
  readonly agents: AgentsService;
  readonly models: ModelsService;
}

export type Spawned =
  | { readonly run: SubagentRun; readonly answer: Extract<SpawnAnswer, { status: "accepted" }> }
  | { readonly answer: Exclude<SpawnAnswer, { status: "accepted" }> };

/** A run that may take as long as it likes still ends. */
const WITHOUT_LIMIT_MS = 7 * 86_400_000;

export async function spawn(deps: SpawnDeps, request: SpawnRequest, by: Requester): Promise<Spawned> {
  const cannot = unavailable(request);
  if (cannot) return { answer: cannot };
  const config = deps.config.current();
  const settings = settingsOf(config, by.agentId);
  const above = await deps.sessions.get(by.sessionKey);
  const depth = depthOf(by.sessionKey, above?.entry);
  const open = await deps.store.subagents.list({ requesterKey: by.sessionKey, state: "open", limit: 100 });
  const id = uuid(deps.platform.random);
  const childKey = (agentId: string) => keyOf(by.sessionKey, agentId, id);
  const agent = permitted(request, {
    config,
    settings,
    depth,
    open: open.length,
    by,
    agents: deps.agents.list(config),
    sandboxed: (agentId, key) => isSandboxed(config, agentId, key),
    childKey,
  });
  if ("error" in agent) return { answer: agent };
  const made = await prepare(deps, request, by, {
    agent,
    above,
    childKey: childKey(agent.id),
    depth: depth + 1,
    settings,
    id,
  });
  if ("error" in made) return { answer: made };
  // A command may start one where nothing was said yet; the report needs a place.
  if (!above) await deps.sessions.ensure(by.sessionKey);
  const added = await deps.store.subagents.add(made.run, made.session, settings.maxChildrenPerAgent);
  if (added === "full") return { answer: tooMany(settings) };
  deps.sessions.changed(made.session, "create");
  return {
    run: made.run,
    answer: compact({
      status: "accepted" as const,
      runId: id,
      childSessionKey: made.run.childKey,
      warning: made.warnings.length === 0 ? undefined : made.warnings.join(" "),
    }) as Extract<SpawnAnswer, { status: "accepted" }>,
  };
}

interface Preparing {
  readonly agent: Agent;
  readonly above: SessionRow | undefined;
  readonly childKey: string;
  readonly depth: number;
  readonly settings: SubagentSettings;
  readonly id: string;
}

interface Prepared {
  readonly run: SubagentRun;
  readonly session: SessionRow;
  readonly warnings: readonly string[];
}

async function prepare(
  deps: SpawnDeps,
  request: SpawnRequest,
  by: Requester,
  { agent, above, childKey, depth, settings, id }: Preparing,
): Promise<Prepared | { readonly status: "error" | "forbidden"; readonly error: string }> {
  const { platform } = deps;
  const config = deps.config.current();
  const own = settingsOf(config, agent.id);
  const model = await chooseModel(deps.models, config, agent, [request.model, own.model, by.model]);
  const thinking = chooseThinking([request.thinking, own.thinking]);
  const place = await placeOf(deps, request, by, { agent, id });
  if ("error" in place) return place;
  const sessionId = uuid(platform.random);
  const copied =
    request.context === "fork"
      ? await copyConversation(
          { ...deps, maxTokens: config.section(sessionSection).parentForkMaxTokens },
          above,
          { agentId: agent.id, sessionId },
          agent.workspace,
        )
      : undefined;
  const facts: Facts = {
    id,
    childKey,
    depth,
    request,
    by,
    agent,
    sessionId,
    model,
    place,
    ...compact({ thinking: thinking.level, label: request.label?.trim() || undefined }),
    spawns: depth < settings.maxSpawnDepth,
    seconds: request.runTimeoutSeconds ?? (own.runTimeoutSeconds === 0 ? undefined : own.runTimeoutSeconds),
    now: platform.clock.now(),
  };
  const warnings = [...model.warnings, ...thinking.warnings, ...(copied?.warnings ?? [])];
  return { run: runOf(facts), session: sessionOf(facts), warnings };
}

/** Everything that was decided about a child. */
interface Facts extends Pick<Preparing, "id" | "childKey" | "depth" | "agent"> {
  readonly request: SpawnRequest;
  readonly by: Requester;
  readonly sessionId: string;
  readonly model: ModelChoice;
  readonly thinking?: string;
  readonly label?: string;
  readonly place: Place;
  readonly spawns: boolean;
  /** Longest run; 0 = no limit, absent = that of every run. */
  readonly seconds: number | undefined;
  readonly now: number;
}

function sessionOf({ childKey, agent, sessionId, model, thinking, label, place, ...facts }: Facts): SessionRow {
  const { by, depth, spawns, now } = facts;
  return {
    key: childKey,
    agentId: agent.id,
    entry: compact({
      sessionId,
      createdAt: now,
      updatedAt: now,
      sessionStartedAt: now,
      lifecycleRevision: 1,
      chatType: "direct",
      label,
      displayName: label,
      spawnedBy: by.sessionKey,
      parentSessionKey: by.sessionKey,
      spawnDepth: depth,
      subagentRole: spawns ? "orchestrator" : "leaf",
      thinkingLevel: thinking,
      ...model.override,
      ...(model.override ? { modelOverrideSource: "spawn" } : {}),
      spawnedCwd: place.cwd,
    }) as SessionRow["entry"],
  };
}

function runOf(facts: Facts): SubagentRun {
  const { id, childKey, depth, request, by, model, label, now } = facts;
  return {
    id,
    childKey,
    requesterKey: by.sessionKey,
    requester: by.principal,
    ...(by.replyTo === undefined ? {} : { replyTo: by.replyTo }),
    depth,
    task: request.task,
    ...(label === undefined ? {} : { label }),
    model: model.ref,
    cleanup: request.cleanup ?? "keep",
    turn: turnOf(facts),
    createdAt: now,
    state: "open",
    announce: "pending",
  };
}

function turnOf({ id, childKey, agent, request, by, label, depth, spawns, place, seconds, now }: Facts): NewTurn {
  const named = label === undefined ? {} : { label };
  return {
    id,
    agentId: agent.id,
    sessionKey: childKey,
    principal: actingFor(by.principal, by.sessionKey),
    text: request.task,
    replyTo: inWeb(childKey),
    options: {
      lane: "subagent",
      deliver: false,
      promptMode: "minimal",
      extraSystemPrompt: standing({ requesterKey: by.sessionKey, childKey, ...named, depth, spawns, ...place }),
      ...(seconds === undefined ? {} : { timeoutMs: seconds === 0 ? WITHOUT_LIMIT_MS : seconds * 1000 }),
      from: { sessionKey: by.sessionKey, tool: "sessions_spawn" },
    },
    createdAt: now,
  };
}

/** `agent:<id>:subagent:<uuid>`; below a sub-agent of the same agent the key grows. */
function keyOf(requesterKey: string, agentId: string, id: string): string {
  const parsed = parseKey(requesterKey);
  const nested = parsed?.agentId === agentId && parsed.rest.startsWith("subagent:");
  return nested ? `${requesterKey}:subagent:${id}` : `agent:${agentId}:subagent:${id}`;
}
