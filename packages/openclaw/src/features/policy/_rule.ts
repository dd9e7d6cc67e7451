/** What a rule of the gate is made of. */
import type { Act, ExecAsk, ExecSecurity, GateContext, Verdict } from "./index.ts";
import type { Principal, Role } from "../../contracts/principal.ts";

/** Everything a rule may look at, worked out once. */
export interface Case {
  readonly act: Act;
  readonly context: GateContext;
  /** The weakest role among the principal and whoever caused it. */
  readonly role: Role | "unknown";
  /** The file acted upon, when the act is about one. */
  readonly path: string | undefined;
  /** The command, when the act is to run one. */
  readonly argv: readonly [string, ...string[]] | undefined;
  /** `tools.exec` in force, tightened by what the call asked for. */
  readonly exec: {
    readonly host: string;
    readonly security: ExecSecurity;
    readonly ask: ExecAsk;
    /** The call asked for more than was configured. */
    readonly tightened: boolean;
  };
}

/** `undefined`: the rule has nothing to say. A rule never gives its own name; the table does. */
export type Opinion = "allow" | { readonly ask: string } | { readonly deny: string } | undefined;

export interface Rule {
  readonly name: string;
  readonly judge: (c: Case) => Opinion;
}

const ROLES = ["stranger", "guest", "member", "owner"];
const SECURITY = ["deny", "allowlist", "full"] as const;
const ASK = ["off", "on-miss", "always"] as const;

export function toCase(act: Act, context: GateContext): Case {
  const { path, argv } = act.preview.exact;
  return {
    act,
    context,
    role: weakestRole(context.principal),
    path: typeof path === "string" ? path : undefined,
    argv: act.effect === "exec" && isArgv(argv) ? argv : undefined,
    exec: execInForce(act, context),
  };
}

function execInForce(act: Act, { exec }: GateContext): Case["exec"] {
  const asked = act.preview.exact;
  const security = stricter(SECURITY, exec.security, asked["security"], "low");
  const ask = stricter(ASK, exec.ask, asked["ask"], "high");
  return {
    host: hostInForce(asked["host"], exec.host),
    security,
    ask,
    tightened: security !== exec.security || ask !== exec.ask,
  };
}

/** Naming a host is explicit, whatever the name. */
function hostInForce(asked: unknown, configured: string): string {
  if (typeof asked !== "string" || asked === "auto") return configured;
  return asked === "implicit" ? "gateway" : asked;
}

export function toVerdict(rule: string, opinion: NonNullable<Opinion>, act: Act): Verdict {
  if (opinion === "allow") return { verdict: "allow", rule };
  if ("deny" in opinion) return { verdict: "deny", rule, reason: `${opinion.deny}.` };
  return { verdict: "ask", rule, card: { title: opinion.ask, detail: act.preview.target } };
}

/** A child can do no more than its parent. A role that is not known counts as none. */
function weakestRole(principal: Principal): Role | "unknown" {
  let weakest = ROLES.length - 1;
  let at: Principal | undefined = principal;
  for (let depth = 0; at !== undefined; depth += 1) {
    weakest = depth > 32 ? -1 : Math.min(weakest, ROLES.indexOf(at.role));
    at = depth > 32 ? undefined : at.parent;
  }
  return (ROLES[weakest] as Role | undefined) ?? "unknown";
}

/** A call may tighten what was configured, never loosen it; a word that is not known tightens to the end. */
function stricter<T extends string>(order: readonly T[], configured: T, asked: unknown, strictEnd: "low" | "high"): T {
  const rank = (word: unknown) => (strictEnd === "low" ? order.indexOf(word as T) : -1 - order.indexOf(word as T));
  const strictest = strictEnd === "low" ? order[0] : order.at(-1);
  if (!order.includes(configured)) return strictest as T;
  if (asked === undefined) return configured;
  if (!order.includes(asked as T)) return strictest as T;
  return rank(asked) < rank(configured) ? (asked as T) : configured;
}

function isArgv(value: unknown): value is readonly [string, ...string[]] {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string") && value[0] !== "";
}
