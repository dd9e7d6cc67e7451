/**
 * `exec-approvals.json`: what the host itself says about commands on an explicit host. The stricter of
 * it and `tools.exec` holds. A file that cannot be understood denies.
 */
import { Type, choice, describeProblems, problems, type Static } from "../../contracts/schema.ts";
import type { AskFallback, ExecGate } from "./index.ts";

const security = Type.Optional(choice(["deny", "allowlist", "full"]));
const text = Type.Optional(Type.String());
const settings = {
  security,
  ask: Type.Optional(choice(["off", "on-miss", "always"])),
  /** Holds when a question has nobody to answer it. */
  askFallback: security,
  autoAllowSkills: Type.Optional(Type.Boolean()),
};

const entry = Type.Object({
  id: text,
  pattern: Type.String({ minLength: 1, maxLength: 4096 }),
  source: text,
  commandText: text,
  lastUsedAt: Type.Optional(Type.Number()),
  lastUsedCommand: text,
  lastResolvedPath: text,
});

/** Unknown fields survive: the file is shared with the apps. */
const fileSchema = Type.Object({
  version: Type.Literal(1),
  socket: Type.Optional(Type.Object({ path: text, token: text })),
  defaults: Type.Optional(Type.Object(settings)),
  agents: Type.Optional(
    Type.Record(Type.String(), Type.Object({ ...settings, allowlist: Type.Optional(Type.Array(entry)) })),
  ),
});

export type HostApprovals = Static<typeof fileSchema>;
export type AllowlistEntry = Static<typeof entry>;

/** What is wrong with the contents of such a file; undefined when nothing is. */
export function problemOfApprovals(value: unknown): string | undefined {
  const found = problems(fileSchema, value, 3);
  return found.length === 0 ? undefined : describeProblems(found);
}

/** Undefined when there is no file: the host says nothing. */
export function parseApprovals(text: string | undefined): HostApprovals | "damaged" | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return problemOfApprovals(value) === undefined ? (value as HostApprovals) : "damaged";
  } catch {
    return "damaged";
  }
}

const SECURITY = ["deny", "allowlist", "full"] as const;
const ASK = ["off", "on-miss", "always"] as const;

export interface HostRules {
  readonly exec: ExecGate;
  readonly allowlist: readonly string[];
  readonly askFallback: AskFallback;
}

/**
 * `tools.exec` and the host's file together, for one agent and an explicit host. `~/` in patterns stands
 * for `home`.
 */
export function withApprovals(
  exec: ExecGate,
  file: HostApprovals | "damaged" | undefined,
  who: { agentId: string; home: string },
): HostRules {
  if (file === undefined) return { exec, allowlist: [], askFallback: "deny" };
  if (file === "damaged") return { exec: { ...exec, security: "deny" }, allowlist: [], askFallback: "deny" };
  const agent = agentBlock(file, who.agentId);
  const security = agent?.security ?? file.defaults?.security ?? exec.security;
  const ask = agent?.ask ?? file.defaults?.ask ?? exec.ask;
  const patterns = (agent?.allowlist ?? []).map(({ pattern }) => pattern);
  return {
    exec: {
      ...exec,
      security: SECURITY[Math.min(SECURITY.indexOf(security), SECURITY.indexOf(exec.security))] ?? "deny",
      ask: ASK[Math.max(ASK.indexOf(ask), ASK.indexOf(exec.ask))] ?? "always",
    },
    allowlist: patterns.map((pattern) => atHome(pattern, who.home)),
    askFallback: agent?.askFallback ?? file.defaults?.askFallback ?? "deny",
  };
}

/** The block that counts for an agent: its own, for `main` also the older `default`, else `*`. */
export function agentBlock(file: HostApprovals, agentId: string) {
  const key = agentKey(file, agentId);
  return key === undefined ? undefined : file.agents?.[key];
}

/** Under which name that block stands. */
export function agentKey(file: HostApprovals, agentId: string): string | undefined {
  const agents = file.agents ?? {};
  return [agentId, agentId === "main" ? "default" : "", "*"].find((key) => Object.hasOwn(agents, key));
}

export function atHome(pattern: string, home: string): string {
  return pattern.startsWith("~/") ? `${home}${pattern.slice(1)}` : pattern;
}
