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
  /**
   * What the gate reads from `exact`: `path` (a file, links resolved); for commands `argv`, `resolved`
   * (the program's real path) and the `host`, `security` and `ask` that the call asked for.
   */
  readonly preview: Preview;
}

export type ExecSecurity = "deny" | "allowlist" | "full";
export type ExecAsk = "off" | "on-miss" | "always";

/** `tools.exec` in force for an agent, as far as the gate cares; `execGate` makes it. */
export interface ExecGate {
  /** `implicit` when neither a host nor a security level was configured. */
  readonly host: "implicit" | "gateway" | "sandbox" | "node";
  readonly security: ExecSecurity;
  readonly ask: ExecAsk;
  readonly safeBins: readonly string[];
  readonly safeBinTrustedDirs?: readonly string[];
  readonly safeBinProfiles?: Readonly<Record<string, SafeBinProfile>>;
  readonly strictInlineEval?: boolean;
}

/** Which arguments a filter may have. Flags are written with their dashes. */
export interface SafeBinProfile {
  readonly minPositional?: number;
  readonly maxPositional?: number;
  readonly allowedValueFlags?: readonly string[];
  readonly deniedFlags?: readonly string[];
}

export interface ActContext {
  readonly principal: Principal;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly runId: string;
  /** Names the agent may use in this run; a tool not in it is denied. */
  readonly tools: ReadonlySet<string>;
  readonly sandboxed: boolean;
  readonly exec: ExecGate;
  /** Absolute roots that file tools are confined to; empty = not confined. */
  readonly fileRoots: readonly string[];
  /** Folders outside of them that may be read all the same: those of the run's skills. */
  readonly readRoots?: readonly string[];
  /** Labels of content that this run has seen. */
  readonly labels: readonly string[];
}

/** What the gate knows about this installation; `judge` adds it. */
export interface Surroundings {
  /** Absolute path of the agent's workspace. */
  readonly workspace: string;
  /** Absolute paths of the state directory and the configuration file. */
  readonly state: string;
  readonly configFile: string;
  /** Tools that the agent's own configuration names outright: what guests get besides reading. */
  readonly granted: ReadonlySet<string>;
  /** Patterns of programs that may run on an explicit host. */
  readonly allowlist: readonly string[];
}

export type GateContext = ActContext & Surroundings;

export type AskFallback = "deny" | "allowlist" | "full";

/** What a question about a command may be answered with. */
export interface AskTerms {
  readonly host: string;
  readonly security: ExecSecurity;
  readonly ask: ExecAsk;
  /** What happens when nobody could answer (`askFallback` of `exec-approvals.json`). */
  readonly withoutAnswer: "run" | "refuse";
  /** What the allow-list gets when the answer is to last; absent where it cannot. */
  readonly lastingPattern?: string;
}

export type Verdict =
  | { readonly verdict: "allow"; readonly rule: string }
  | {
      readonly verdict: "ask";
      readonly rule: string;
      readonly card: { readonly title: string; readonly detail: string };
      /** For commands. */
      readonly terms?: AskTerms;
    }
  /** `reason` is the end of a sentence, full stop included: `exec was not run: <reason>` */
  | { readonly verdict: "deny"; readonly rule: string; readonly reason: string };

export { decide, isPersonal } from "./decide.ts";
export { isProtected } from "./_protected-files.ts";
export { isDocumented } from "./_names.ts";
export { sessionGate } from "./session-exec.ts";
export { closedElevatedGate } from "./elevated.ts";
export type { ElevatedQuestion } from "./elevated.ts";
export { applyPatchConfig, execConfig, execGate, fileRoots, isSandboxed, loopSettings } from "./settings.ts";
export type { AgentTools } from "./settings.ts";
export { plainArgv } from "./argv.ts";
export { agentBlock, agentKey, atHome, parseApprovals, problemOfApprovals, withApprovals } from "./_host-rules.ts";
export type { AllowlistEntry, HostApprovals } from "./_host-rules.ts";
export { fitsPattern } from "./_allowlist.ts";
export type { ExecConfig, ToolsConfig } from "./config.ts";

export interface PolicyService {
  /**
   * The tools an agent has, after profile, provider, allow and deny rules. Sorted by name.
   * Throws `TOOLSET_EMPTY` when an explicit allow list leaves nothing.
   */
  toolset(context: {
    readonly config: ConfigSnapshot;
    readonly agentId: string;
    readonly provider: string;
    readonly model: string;
    readonly sessionKey: string;
    readonly principal: Principal;
    /** The model takes pictures. */
    readonly seesImages?: boolean;
    /** `subagentRole` of the session's row; a sub-agent without it is a leaf. */
    readonly subagentRole?: unknown;
  }): readonly Tool[];
  /** Reads `exec-approvals.json` again, so that `judge` goes by what it says now. */
  refresh(): Promise<void>;
  /** Judges and records the verdict. */
  judge(act: Act, context: ActContext): Verdict;
}

export const Policy = token<PolicyService>("policy");

/** Every built-in tool; the composition root provides it. */
export const ToolRegistry = token<readonly Tool[]>("tool-registry");
