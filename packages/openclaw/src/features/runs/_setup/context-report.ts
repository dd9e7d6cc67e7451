/** What fills the window of a session: as its newest run sent it, else as the next one would. */
import type { Message } from "../../../contracts/message.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { SessionRow } from "../../../store/index.ts";
import type { ContextReport, PromptReport } from "../../agents/index.ts";
import { isRecord, planWindow } from "../../context/index.ts";
import { parseKey } from "../../sessions/index.ts";
import { promptFor } from "./prompt.ts";
import { noneOpened } from "../_ask/failed.ts";
import { modelChain } from "./chain.ts";
import { toolsFor } from "./setup.ts";
import type { Place } from "./setup.ts";
import { skillsOf } from "./skills.ts";
import type { RunDeps } from "../run.ts";

const IMAGE_TOKENS = 1500;
/** Id of a session that does not exist yet: there is no transcript of that name. */
const NOT_YET = "not-yet";

export async function contextReport(deps: RunDeps, sessionKey: string, principal: Principal): Promise<ContextReport> {
  const config = deps.config.current();
  const agent = deps.agents.get(parseKey(sessionKey)?.agentId ?? "", config) ?? deps.agents.default(config);
  const session: SessionRow = (await deps.sessions.get(sessionKey)) ?? {
    key: sessionKey,
    agentId: agent.id,
    entry: { sessionId: NOT_YET, updatedAt: 0 },
  };
  const place: Place = {
    agent,
    config,
    session,
    ref: { agentId: session.agentId, sessionId: session.entry.sessionId },
  };
  const sent = stored(session);
  const report = sent ?? (await estimate(deps, place, principal));
  const messages =
    session.entry.sessionId === NOT_YET ? [] : (await deps.contexts.load(place.ref)).map((one) => one.message);
  const contextTokens = session.entry.contextTokens ?? null;
  return {
    ...report,
    source: sent === undefined ? "estimate" : "run",
    sessionKey,
    agentId: agent.id,
    sessionTokens: session.entry.totalTokens ?? null,
    contextTokens,
    messages: messages.length,
    tokens: parts(
      report,
      messages,
      contextTokens === null ? null : planWindow({ contextWindow: contextTokens, budget: contextTokens }, config),
    ),
  };
}

/** What the row keeps of the newest run, unless another version wrote it in another shape. */
function stored({ entry }: SessionRow): PromptReport | undefined {
  const report = entry["systemPromptReport"] as Partial<PromptReport> | undefined;
  const whole =
    typeof report?.systemPrompt?.chars === "number" &&
    Array.isArray(report.injectedWorkspaceFiles) &&
    Array.isArray(report.sections) &&
    Array.isArray(report.tools?.entries) &&
    Array.isArray(report.skills?.entries);
  return whole ? (report as PromptReport) : undefined;
}

async function estimate(deps: RunDeps, place: Place, principal: Principal): Promise<PromptReport> {
  const { session } = place;
  const turn = { id: "", sessionKey: session.key, principal, options: {} };
  const { clock } = deps.platform;
  const endpoint = await modelChain(deps, turn, place).open(clock, (tried) => noneOpened(tried, clock.now()));
  const tools = toolsFor(deps, turn, place, endpoint);
  const skills = await skillsOf(deps, turn, { place, tools });
  const budget = planWindow(endpoint.model, place.config).promptBudget;
  return (await promptFor(deps, { place, endpoint, tools, thinking: "off", skills: skills.prompt, budget })).report;
}

function parts(
  report: PromptReport,
  messages: readonly Message[],
  plan: { readonly window: number; readonly reserve: number } | null,
): ContextReport["tokens"] {
  const files = tokensOf(report.systemPrompt.projectContextChars);
  const skills = tokensOf(report.skills.promptChars);
  const toolList = tokensOf(report.tools.listChars);
  const system = Math.max(0, tokensOf(report.systemPrompt.chars) - files - skills - toolList);
  const toolSchemas = tokensOf(report.tools.schemaChars);
  const record = messages[0] && isRecord(messages[0]) ? messages[0] : undefined;
  const summary = record === undefined ? 0 : messageTokens(record);
  const conversation = messages.reduce((sum, message) => sum + (message === record ? 0 : messageTokens(message)), 0);
  const used = system + files + skills + toolList + toolSchemas + summary + conversation;
  const reserve = plan?.reserve ?? 0;
  const free = plan === null ? null : Math.max(0, plan.window - reserve - used);
  return { system, files, skills, toolList, toolSchemas, summary, conversation, reserve, used, free };
}

const tokensOf = (chars: number): number => Math.ceil(chars / 4);

function messageTokens({ content }: Message): number {
  if (typeof content === "string") return tokensOf(content.length);
  return content.reduce(
    (sum, part) => sum + (part.type === "image" ? IMAGE_TOKENS : tokensOf(JSON.stringify(part).length)),
    0,
  );
}
