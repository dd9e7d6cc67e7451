/**
 * `exec-approvals.json`: what the host itself says about commands on an explicit host. The stricter of
 * it and `tools.exec` holds. A file that cannot be understood denies.
 */
import { Type, choice, fits, type Static } from "../../contracts/schema.ts";
import type { ExecGate } from "./index.ts";

const settings = {
  security: Type.Optional(choice(["deny", "allowlist", "full"])),
  ask: Type.Optional(choice(["off", "on-miss", "always"])),
};

const fileSchema = Type.Object({
  version: Type.Literal(1),
  defaults: Type.Optional(Type.Object(settings)),
  agents: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({ ...settings, allowlist: Type.Optional(Type.Array(Type.Object({ pattern: Type.String() }))) }),
    ),
  ),
});

export type HostApprovals = Static<typeof fileSchema>;

/** Undefined when there is no file: the host says nothing. */
export function parseApprovals(text: string | undefined): HostApprovals | "damaged" | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return fits(fileSchema, value) ? value : "damaged";
  } catch {
    return "damaged";
  }
}

const SECURITY = ["deny", "allowlist", "full"] as const;
const ASK = ["off", "on-miss", "always"] as const;

export interface HostRules {
  readonly exec: ExecGate;
  readonly allowlist: readonly string[];
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
  if (file === undefined) return { exec, allowlist: [] };
  if (file === "damaged") return { exec: { ...exec, security: "deny" }, allowlist: [] };
  const agents = file.agents ?? {};
  const own = [who.agentId, who.agentId === "main" ? "default" : "", "*"].find((key) => Object.hasOwn(agents, key));
  const agent = own === undefined ? undefined : agents[own];
  const security = agent?.security ?? file.defaults?.security ?? exec.security;
  const ask = agent?.ask ?? file.defaults?.ask ?? exec.ask;
  const patterns = (agent?.allowlist ?? []).map(({ pattern }) => pattern);
  return {
    exec: {
      ...exec,
      security: SECURITY[Math.min(SECURITY.indexOf(security), SECURITY.indexOf(exec.security))] ?? "deny",
      ask: ASK[Math.max(ASK.indexOf(ask), ASK.indexOf(exec.ask))] ?? "always",
    },
    allowlist: patterns.map((pattern) => (pattern.startsWith("~/") ? `${who.home}${pattern.slice(1)}` : pattern)),
  };
}
