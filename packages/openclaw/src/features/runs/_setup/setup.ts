/** Everything a run needs, resolved once at its beginning. The configuration stays that of this moment. */
import { isAbsolute } from "node:path";
import type {
  Endpoint,
  Sampling,
  SystemBlock,
  ThinkingLevel,
  ToolChoice,
  ToolSchema,
} from "../../../contracts/model.ts";
import type { Tool } from "../../../contracts/tool.ts";
import type { SessionRow, TranscriptRef, TurnRow } from "../../../store/index.ts";
import { thinkingFor } from "../../../models/index.ts";
import type { Chain } from "../../../models/index.ts";
import type { Agent, PromptReport } from "../../agents/index.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { planWindow } from "../../context/index.ts";
import { execConfig, execGate, fileRoots, isSandboxed, sessionGate } from "../../policy/index.ts";
import type { ActContext } from "../../policy/index.ts";
import { contentLabels } from "../../sessions/index.ts";
import { offered } from "../_begin/client.ts";
import { modelChain } from "./chain.ts";
import { promptFor } from "./prompt.ts";
import { skillsOf } from "./skills.ts";
import type { SkillsSnapshot } from "./skills.ts";
import { noneOpened } from "../_ask/failed.ts";
import { longestWaitMs } from "../_ask/longest-wait.ts";
import type { RunDeps } from "../run.ts";

/** Where a run takes place: known before anything that can fail for want of a model. */
export interface Place {
  readonly agent: Agent;
  /** That of the beginning; it stays to the end. */
  readonly config: ConfigSnapshot;
  readonly session: SessionRow;
  readonly ref: TranscriptRef;
}

export async function openPlace(deps: RunDeps, turn: TurnRow): Promise<Place> {
  const config = deps.config.current();
  const agent = deps.agents.get(turn.agentId, config) ?? deps.agents.default(config);
  const session = await deps.sessions.ensure(turn.sessionKey);
  return { agent, config, session, ref: { agentId: session.agentId, sessionId: session.entry.sessionId } };
}

export interface RunSetup extends Place {
  /** The chosen model, then its fallbacks. */
  readonly chain: Chain;
  /** The one that all of this was made for: the first that could be called. */
  readonly endpoint: Endpoint;
  readonly tools: readonly Tool[];
  /** What the model is offered: the agent's tools and those of the caller, by name. */
  readonly schemas: readonly ToolSchema[];
  /** Names of the caller's tools. */
  readonly clientTools: ReadonlySet<string>;
  readonly toolChoice?: ToolChoice;
  readonly sampling: Sampling;
  /** For waits between attempts, in all. */
  readonly patienceMs: number;
  /** For one such wait. */
  readonly longestWaitMs: number;
  readonly system: readonly SystemBlock[];
  /** Told before the words of this turn, and not kept (`withPreamble`). */
  readonly preamble?: string;
  /** What fills the prompt, for `/context`. */
  readonly report: PromptReport;
  /** `provider/model` of the endpoint. */
  readonly modelRef: string;
  /** Skills that the session's row is told of at the end; absent when it knows them. */
  readonly skillsSnapshot?: SkillsSnapshot;
  /** Variables of the skills of this run, for child processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly thinking: ThinkingLevel;
  /** Absolute path of the default folder of tools: the workspace, or where a helper was told to work. */
  readonly folder: string;
  readonly act: ActContext;
  readonly confined: boolean;
  readonly timeoutMs: number;
}

export async function setUp(deps: RunDeps, turn: TurnRow, given: Place): Promise<RunSetup> {
  const place = withPreferences(given, turn);
  const { agent, config, session } = place;
  const { clock } = deps.platform;
  const chain = modelChain(deps, turn, place);
  const chosen = await chain.open(clock, (attempts) => noneOpened(attempts, clock.now()));
  const thinking = thinkingLevel(turn, session, agent, chosen);
  const allowed = toolsFor(deps, turn, place, chosen);
  await deps.agents.prepareWorkspace(agent, config);
  const modelRef = `${chosen.provider}/${chosen.model.id}`;
  const skills = await skillsOf(deps, turn, { place, tools: allowed });
  const prompt = await promptFor(deps, {
    place,
    endpoint: chosen,
    tools: allowed,
    thinking,
    skills: skills.prompt,
    folder: folderOf(session, agent),
    budget: planWindow(chosen.model, config).promptBudget,
    turn,
  });
  const tools = allowed.filter(({ name }) => prompt.tools.some((schema) => schema.name === name));
  const roots = turn.principal.role === "guest" ? [agent.workspace] : fileRoots(config, agent.id, agent.workspace);
  return {
    ...place,
    chain,
    endpoint: chosen,
    tools,
    schemas: offered(
      prompt.tools,
      chosen.model.compat?.supportsTools === false ? [] : (turn.options.clientTools ?? []),
    ),
    clientTools: new Set(turn.options.clientTools?.map(({ name }) => name)),
    ...(turn.options.toolChoice === undefined ? {} : { toolChoice: turn.options.toolChoice }),
    sampling: turn.options.sampling ?? {},
    patienceMs: turn.options.patienceMs ?? Number.POSITIVE_INFINITY,
    longestWaitMs: longestWaitMs(deps.platform.env),
    system: prompt.system,
    ...(prompt.preamble === undefined ? {} : { preamble: prompt.preamble }),
    report: prompt.report,
    modelRef,
    ...(skills.snapshot === undefined ? {} : { skillsSnapshot: skills.snapshot }),
    env: skills.env,
    thinking,
    folder: folderOf(session, agent),
    act: { ...actContext(turn, agent, tools, config, { roots, session }), readRoots: skills.folders },
    confined: roots.length > 0,
    timeoutMs: turn.options.timeoutMs ?? Number(config.at("agents.defaults.timeoutSeconds") ?? 600) * 1000,
  };
}

/** The tools that this session may use with this model. */
export function toolsFor(
  deps: RunDeps,
  turn: Pick<TurnRow, "sessionKey" | "principal">,
  { config, agent, session }: Place,
  { provider, model }: Endpoint,
): readonly Tool[] {
  if (model.compat?.supportsTools === false) return [];
  return deps.policy.toolset({
    config,
    agentId: agent.id,
    provider,
    model: model.id,
    sessionKey: turn.sessionKey,
    principal: turn.principal,
    seesImages: model.input.includes("image"),
    subagentRole: session.entry["subagentRole"],
  });
}

/** The session as this turn's own directives make it. */
function withPreferences(place: Place, { options }: TurnRow): Place {
  if (options.preferences === undefined) return place;
  const { session } = place;
  return { ...place, session: { ...session, entry: { ...session.entry, ...options.preferences } } };
}

/** What this message asks for, else the session, else the agent; the nearest that the model takes. */
function thinkingLevel(turn: TurnRow, session: SessionRow, agent: Agent, { model }: Endpoint): ThinkingLevel {
  return thinkingFor(model, turn.options.thinking ?? session.entry.thinkingLevel ?? agent.thinkingDefault);
}

function folderOf({ entry }: SessionRow, agent: Agent): string {
  const told = entry["spawnedCwd"];
  return typeof told === "string" && isAbsolute(told) ? told : agent.workspace;
}

function actContext(
  turn: TurnRow,
  agent: Agent,
  tools: readonly Tool[],
  config: ConfigSnapshot,
  { roots, session }: { readonly roots: readonly string[]; readonly session: SessionRow },
): ActContext {
  return {
    principal: turn.principal,
    agentId: agent.id,
    sessionKey: turn.sessionKey,
    runId: turn.id,
    tools: new Set(tools.map((tool) => tool.name)),
    sandboxed: isSandboxed(config, agent.id, turn.sessionKey),
    exec: sessionGate(execGate(execConfig(config, agent.id)), session.entry),
    fileRoots: roots,
    labels: contentLabels(session.entry),
  };
}
