/**
 * One tool call outside a run (`tools.invoke`, `POST /tools/invoke`). The same tools, gate and audit as in a
 * run of that session, with a list of tools that never run this way: nobody watches such a call.
 */
import { Fault, errorText } from "../../../base/errors.ts";
import { sha256, uuid } from "../../../base/ids.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { Tool, ToolResult } from "../../../contracts/tool.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import type { Agent } from "../../agents/index.ts";
import { execConfig, execGate, fileRoots, isSandboxed } from "../../policy/index.ts";
import type { ActContext } from "../../policy/index.ts";
import { canonicalKey, contentLabels, parseKey, sessionSection } from "../../sessions/index.ts";
import { errors } from "../errors.ts";
import { findTool, perform } from "../invoke.ts";
import type { RunDeps } from "../run.ts";

export interface ToolRequest {
  readonly name: string;
  /** Becomes `args.action` where the tool has one and the arguments do not say it. */
  readonly action?: string | undefined;
  /** Anything but an object counts as none. */
  readonly args?: unknown;
  /** Default: the main session of the agent. */
  readonly sessionKey?: string | undefined;
  readonly agentId?: string | undefined;
  readonly principal: Principal;
  /** Whether the caller holds `operator.admin`: `gateway.tools.allow` and the tools for owners count for it. */
  readonly admin: boolean;
  readonly signal: AbortSignal;
  /** The same key of the same caller for the same call within ten minutes does nothing again. */
  readonly idempotencyKey?: string | undefined;
}

/** What makes two calls the same; undefined for one that may be repeated. */
export function onceKey({
  idempotencyKey,
  principal,
  name,
  args,
  sessionKey,
  agentId,
}: ToolRequest): string | undefined {
  if (idempotencyKey === undefined) return undefined;
  return sha256(JSON.stringify([idempotencyKey, principal.kind, principal.id, name, args, sessionKey, agentId]));
}

/**
 * `not_found`: unknown and denied alike · `invalid_request`: the request itself · `tool_error`: the tool's own
 * refusal of its input · `forbidden`: the gate's · `internal`: the tool broke.
 */
export type ToolOutcome =
  | { readonly ok: true; readonly toolName: string; readonly source: "core"; readonly result: ToolResult }
  | {
      readonly ok: false;
      readonly toolName: string;
      readonly error: {
        readonly code: "not_found" | "invalid_request" | "tool_error" | "forbidden" | "internal";
        readonly message: string;
      };
    };

/** Work of a run: it needs one that is watched. */
const ONLY_IN_RUNS = new Set(["read", "write", "edit", "exec", "process"]);
/** Not this way unless `gateway.tools.allow` names them. */
const DENIED = [
  "exec",
  "spawn",
  "shell",
  "fs_write",
  "fs_delete",
  "fs_move",
  "apply_patch",
  "sessions_spawn",
  "sessions_send",
  "cron",
  "gateway",
  "nodes",
  "whatsapp_login",
];
const FOR_OWNERS = new Set(["cron", "gateway", "nodes"]);

export async function callTool(deps: RunDeps, request: ToolRequest): Promise<ToolOutcome> {
  try {
    return await call(deps, request);
  } catch (error) {
    return refusal(deps, request.name, error);
  }
}

async function call(deps: RunDeps, request: ToolRequest): Promise<ToolOutcome> {
  const config = deps.config.current();
  const { agent, sessionKey } = place(deps, config, request);
  const tools = await toolset(deps, request, { config, agent, sessionKey });
  const tool = findTool(tools, request.name);
  if (!tool) throw errors.TOOL_ABSENT({ tool: request.name });
  const entry = (await deps.sessions.get(sessionKey))?.entry;
  const runId = `tool:${uuid(deps.platform.random)}`;
  const roots = request.principal.role === "guest" ? [agent.workspace] : fileRoots(config, agent.id, agent.workspace);
  await deps.agents.prepareWorkspace(agent, config);
  const who = { runId, sessionKey, agentId: agent.id, principal: request.principal };
  const batch = {
    calls: [],
    tools,
    policy: deps.policy,
    act: {
      ...who,
      ...actOf(tools, config, { agent, sessionKey, roots }),
      labels: entry === undefined ? [] : contentLabels(entry),
    },
    context: {
      ...who,
      model: "",
      env: {},
      workspace: agent.workspace,
      confined: roots.length > 0,
      signal: AbortSignal.any([request.signal, deps.closing]),
      platform: deps.platform,
      seesImages: false,
    },
    use: deps.use,
    now: () => deps.platform.clock.now(),
    onEvent: () => {},
  };
  const args = argumentsOf(tool, request);
  const result = await perform(batch, { type: "toolCall", id: runId, name: tool.name, arguments: args }, tool);
  return { ok: true, toolName: tool.name, source: "core", result };
}

function place(deps: RunDeps, config: ConfigSnapshot, { sessionKey: asked, agentId }: ToolRequest) {
  const wanted = agentId === undefined ? deps.agents.default(config) : deps.agents.get(agentId, config);
  if (!wanted) throw errors.TOOL_PLACE({ message: `Unknown agent id "${agentId ?? ""}"` });
  const sessionKey = canonicalKey(asked ?? "main", wanted.id, config.section(sessionSection).mainKey);
  if (sessionKey === undefined) throw errors.TOOL_PLACE({ message: `invalid session key "${asked ?? ""}"` });
  const owner = parseKey(sessionKey)?.agentId ?? wanted.id;
  const agent = deps.agents.get(owner, config);
  if (!agent) throw errors.TOOL_PLACE({ message: `Unknown agent id "${owner}"` });
  if (agentId !== undefined && agent.id !== wanted.id)
    throw errors.TOOL_PLACE({ message: `agent "${wanted.id}" does not match session key agent "${agent.id}"` });
  return { agent, sessionKey };
}

async function toolset(
  deps: RunDeps,
  { principal, admin }: ToolRequest,
  at: { readonly config: ConfigSnapshot; readonly agent: Agent; readonly sessionKey: string },
): Promise<readonly Tool[]> {
  const { config, agent, sessionKey } = at;
  const entry = (await deps.sessions.get(sessionKey))?.entry;
  const ref = deps.models.defaultRef(config, agent.model.primary);
  const slash = ref.indexOf("/");
  const all = deps.policy.toolset({
    config,
    agentId: agent.id,
    provider: entry?.providerOverride ?? ref.slice(0, slash),
    model: entry?.modelOverride ?? ref.slice(slash + 1),
    sessionKey,
    principal,
    subagentRole: entry?.["subagentRole"],
  });
  const names = (path: string) => new Set(list(config.at(path)).map((name) => name.toLowerCase()));
  const allowed = admin ? names("gateway.tools.allow") : new Set<string>();
  const denied = names("gateway.tools.deny");
  return all.filter(({ name }) => {
    const own = name.toLowerCase();
    if (ONLY_IN_RUNS.has(own) || denied.has(own) || (FOR_OWNERS.has(own) && !admin)) return false;
    return !DENIED.includes(own) || allowed.has(own);
  });
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function actOf(
  tools: readonly Tool[],
  config: ConfigSnapshot,
  at: { readonly agent: Agent; readonly sessionKey: string; readonly roots: readonly string[] },
): Omit<ActContext, "principal" | "agentId" | "sessionKey" | "runId" | "labels"> {
  return {
    tools: new Set(tools.map((tool) => tool.name)),
    sandboxed: isSandboxed(config, at.agent.id, at.sessionKey),
    exec: execGate(execConfig(config, at.agent.id)),
    fileRoots: at.roots,
  };
}

function argumentsOf(tool: Tool, { args, action }: ToolRequest): Record<string, unknown> {
  const given =
    typeof args === "object" && args !== null && !Array.isArray(args) ? { ...(args as Record<string, unknown>) } : {};
  const known = (tool.params as { properties?: object }).properties ?? {};
  return action !== undefined && "action" in known && given["action"] === undefined ? { ...given, action } : given;
}

/** What a refusal is called outside; a broken tool's own words stay in the log. */
const CODES: Readonly<Record<string, "not_found" | "invalid_request" | "tool_error" | "forbidden">> = {
  TOOL_ABSENT: "not_found",
  TOOL_PLACE: "invalid_request",
  TOOL_ARGUMENTS: "tool_error",
  TOOL_REFUSED: "forbidden",
};

function refusal(deps: RunDeps, toolName: string, error: unknown): ToolOutcome {
  if (error instanceof Fault)
    return { ok: false, toolName, error: { code: CODES[error.code] ?? "tool_error", message: error.message } };
  deps.log.error("a tool failed", {
    tool: toolName,
    error: error instanceof Error ? (error.stack ?? error.message) : errorText(error),
  });
  return { ok: false, toolName, error: { code: "internal", message: "tool execution failed" } };
}
