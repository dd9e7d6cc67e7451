/** What the configuration says about the tools of one agent. */
import { closed, describeProblems, fits, problems, Type, type Static } from "../../contracts/schema.ts";
import { maybeOverlay } from "../../contracts/config-kinds.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { mainKey, parseKey } from "../sessions/index.ts";
import { allowDeny, exec as execSchema, toolRules, type loopDetection } from "../../contracts/tool-config.ts";
import { toolsSection, type ExecConfig } from "./config.ts";
import { errors } from "./errors.ts";
import type { ExecGate } from "./index.ts";

/** `agents.list[].tools`: the same keys as `tools`, as far as an agent can narrow them. */
const agentToolsSchema = closed({
  ...toolRules,
  elevated: Type.Optional(
    closed({
      enabled: Type.Optional(Type.Boolean()),
      allowFrom: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Union([Type.String(), Type.Integer()])))),
    }),
  ),
  sandbox: Type.Optional(closed({ tools: Type.Optional(allowDeny) })),
  fs: Type.Optional(closed({ workspaceOnly: Type.Optional(Type.Boolean()) })),
  exec: maybeOverlay(execSchema) as unknown as Type.TOptional<Type.TUnsafe<Partial<Static<typeof execSchema>>>>,
  message: Type.Optional(Type.Unknown()),
  loopDetection: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type AgentTools = Static<typeof agentToolsSchema>;

/** The agent's own tool settings. Throws `AGENT_TOOLS_INVALID`: settings not understood restrict nothing. */
export function agentTools(config: ConfigSnapshot, agentId: string): AgentTools {
  const tools = agentEntry(config, agentId)?.["tools"] ?? {};
  if (!fits(agentToolsSchema, tools)) {
    throw errors.AGENT_TOOLS_INVALID({ agentId, problems: describeProblems(problems(agentToolsSchema, tools, 3)) });
  }
  return tools;
}

/** `tools.exec` with the agent's own values over it. */
export function execConfig(config: ConfigSnapshot, agentId: string): ExecConfig {
  return { ...config.section(toolsSection).exec, ...agentTools(config, agentId).exec };
}

/**
 * What the gate needs of it. Naming a host, a security level or an ask mode opts in to approvals,
 * `allowlist` and `on-miss` where not said; without any of them commands run here without approvals.
 */
export function execGate(exec: ExecConfig): ExecGate {
  const named = exec.host !== undefined && exec.host !== "auto";
  const explicit = named || exec.security !== undefined || exec.ask !== undefined;
  return {
    host: named ? (exec.host as "sandbox" | "gateway" | "node") : explicit ? "gateway" : "implicit",
    security: exec.security ?? "allowlist",
    ask: exec.ask ?? "on-miss",
    safeBins: exec.safeBins,
    safeBinTrustedDirs: exec.safeBinTrustedDirs,
    strictInlineEval: exec.strictInlineEval,
    ...(exec.safeBinProfiles ? { safeBinProfiles: exec.safeBinProfiles } : {}),
  };
}

/** `tools.exec.applyPatch` with the agent's own values over it. */
export function applyPatchConfig(config: ConfigSnapshot, agentId: string): ExecConfig["applyPatch"] {
  const own = agentTools(config, agentId).exec?.applyPatch as Partial<ExecConfig["applyPatch"]> | undefined;
  return { ...config.section(toolsSection).exec.applyPatch, ...own };
}

/** `tools.loopDetection` with the agent's own values over it. */
export function loopSettings(config: ConfigSnapshot, agentId: string): Static<typeof loopDetection> {
  const base = config.section(toolsSection).loopDetection;
  const own = (agentTools(config, agentId).loopDetection ?? {}) as Partial<Static<typeof loopDetection>>;
  return { ...base, ...own, detectors: { ...base.detectors, ...own.detectors } };
}

/** The roots that file tools are confined to; empty = not confined. */
export function fileRoots(config: ConfigSnapshot, agentId: string, workspace: string): readonly string[] {
  const own = agentTools(config, agentId).fs?.workspaceOnly ?? false;
  return own || config.section(toolsSection).fs.workspaceOnly ? [workspace] : [];
}

/** Whether a session runs in a sandbox: `agents.defaults.sandbox.mode`, overridden per agent. */
export function isSandboxed(config: ConfigSnapshot, agentId: string, sessionKey: string): boolean {
  const own = record(agentEntry(config, agentId)?.["sandbox"])?.["mode"];
  const mode = own ?? config.at("agents.defaults.sandbox.mode") ?? "off";
  if (mode === "off") return false;
  return mode !== "non-main" || sessionKey !== mainKey(agentId, String(config.at("session.mainKey") ?? "main"));
}

/** Whether a session is a sub-agent's. */
export function isSubagent(sessionKey: string): boolean {
  return parseKey(sessionKey)?.rest.split(":").includes("subagent") ?? false;
}

function agentEntry(config: ConfigSnapshot, agentId: string): Readonly<Record<string, unknown>> | undefined {
  const list = config.at("agents.list");
  if (!Array.isArray(list)) return undefined;
  return list.map(record).find((entry) => String(entry?.["id"]).toLowerCase() === agentId.toLowerCase());
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return value !== null && typeof value === "object" ? (value as Readonly<Record<string, unknown>>) : undefined;
}
