/** `/exec`: how a session wants its commands run. It can only be stricter than the configuration. Pure. */
import type { ExecAsk, ExecGate, ExecSecurity } from "./index.ts";

/** A session's entry: `execHost`, `execSecurity`, `execAsk`. Anything but a known word counts as the strictest. */
type Entry = Readonly<Record<string, unknown>>;

export const EXEC_WORDS = {
  host: ["auto", "sandbox", "gateway", "node"],
  security: ["deny", "allowlist", "full"],
  ask: ["off", "on-miss", "always"],
} as const;

/** Strictest first. */
const SECURITY: readonly ExecSecurity[] = ["deny", "allowlist", "full"];
const ASK: readonly ExecAsk[] = ["always", "on-miss", "off"];

/**
 * The gate with the session's wishes. A host is taken only where the configuration names none: from then on
 * approvals count, `allowlist` and `on-miss` where not said.
 */
export function sessionGate(gate: ExecGate, entry: Entry): ExecGate {
  const { execHost, execSecurity, execAsk } = entry;
  const host = execHost === undefined || execHost === "auto" ? undefined : hostOf(execHost);
  const security = execSecurity === undefined ? undefined : word(SECURITY, execSecurity);
  const ask = execAsk === undefined ? undefined : word(ASK, execAsk);
  if (host === undefined && security === undefined && ask === undefined) return gate;
  if (gate.host === "implicit")
    return { ...gate, host: host ?? "gateway", security: security ?? "allowlist", ask: ask ?? "on-miss" };
  return {
    ...gate,
    security: stricter(SECURITY, gate.security, security),
    ask: stricter(ASK, gate.ask, ask),
  };
}

/** Whether `next` lets through what `now` would not. */
export function isLooser(next: ExecGate, now: ExecGate): boolean {
  if (next.host === "implicit") return now.host !== "implicit";
  if (now.host === "implicit") return false;
  if (next.host !== now.host) return true;
  return (
    SECURITY.indexOf(next.security) > SECURITY.indexOf(now.security) || ASK.indexOf(next.ask) > ASK.indexOf(now.ask)
  );
}

function hostOf(value: unknown): "sandbox" | "gateway" | "node" {
  return value === "gateway" || value === "node" ? value : "sandbox";
}

function word<T>(order: readonly T[], value: unknown): T {
  return order.includes(value as T) ? (value as T) : order[0]!;
}

function stricter<T>(order: readonly T[], a: T, b: T | undefined): T {
  return b === undefined || order.indexOf(a) <= order.indexOf(b) ? a : b;
}
