/** The door of policy: which tools exist for whom, and the one gate. */
import { token } from "../../contracts/service.ts";
import type { Effect, Preview, Tool } from "../../contracts/tool.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { ConfigSnapshot } from "../config/index.ts";

/** A consequential act, exactly as it would happen. */
export interface Act {
  readonly effect: Effect;
  /** Tool name. */
  readonly tool: string;
  readonly preview: Preview;
}

export interface ActContext {
  readonly principal: Principal;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly runId: string;
  /** Names the agent may use in this run; a tool not in it is denied. */
  readonly tools: ReadonlySet<string>;
  readonly sandboxed: boolean;
  /** `tools.exec` in force: `deny`, `allowlist`, `full`; `implicit` when no host was named. */
  readonly exec: { readonly host: "implicit" | "gateway"; readonly security: "deny" | "allowlist" | "full"; readonly ask: "off" | "on-miss" | "always"; readonly safeBins: readonly string[] };
  /** Absolute roots that file tools are confined to; empty = not confined. */
  readonly fileRoots: readonly string[];
  /** Labels of content that this run has seen. */
  readonly labels: readonly string[];
}

export type Verdict =
  | { readonly verdict: "allow"; readonly rule: string }
  | { readonly verdict: "ask"; readonly rule: string; readonly card: { readonly title: string; readonly detail: string } }
  | { readonly verdict: "deny"; readonly rule: string; readonly reason: string };

export { decide } from "./decide.ts";

export interface PolicyService {
  /** The tools an agent has, after profile, provider, allow and deny rules. Sorted by name. */
  toolset(context: { readonly config: ConfigSnapshot; readonly agentId: string; readonly provider: string; readonly model: string; readonly sessionKey: string; readonly principal: Principal }): readonly Tool[];
  /** Judges and records the verdict. */
  judge(act: Act, context: ActContext): Verdict;
}

export const Policy = token<PolicyService>("policy");
