/** The door of agents: who they are, where they work, what they are told first. */
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { SystemBlock, ToolSchema } from "../../contracts/model.ts";
import type { Tool } from "../../contracts/tool.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { ResolvedIdentity } from "./_identity.ts";
import type { Roster } from "./_roster.ts";

export interface Agent {
  readonly id: string;
  /** As configured, else the id; `AgentsService.identity` also asks its `IDENTITY.md`. */
  readonly name: string;
  /** `agents.list[].name`. */
  readonly configuredName?: string;
  readonly isDefault: boolean;
  /** Absolute. */
  readonly workspace: string;
  /** Folder of its logins, absolute. No two agents share one. */
  readonly agentDir: string;
  readonly identity: {
    readonly name?: string;
    readonly theme?: string;
    readonly emoji?: string;
    readonly avatar?: string;
  };
  readonly model: { readonly primary?: string; readonly fallbacks: readonly string[] };
  readonly thinkingDefault?: string;
}

export interface PromptRequest {
  readonly agent: Agent;
  readonly config: ConfigSnapshot;
  readonly sessionKey: string;
  /** Where it works, absolute; absent = in the workspace. */
  readonly folder?: string;
  /** The private conversation with the owner: personal memory belongs into it. */
  readonly isMain: boolean;
  readonly tools: readonly Tool[];
  readonly modelRef: string;
  /** The model runs on this machine or in its network. */
  readonly localModel?: boolean;
  readonly thinking: string;
  /** Whether thoughts are shown: `off`, `on`, `stream`. Default `off`. */
  readonly reasoning?: string;
  readonly extra?: string;
  /** `minimal`: helpers; `none`: the line that says who it is. Default `full`. */
  readonly mode?: "full" | "minimal" | "none";
  /** The list of skills, ready to be read (`SkillSet.prompt`). */
  readonly skills?: string;
  /** The conversation was reset and this is its first turn. */
  readonly fresh?: "new" | "reset";
  /** The model has answered in this conversation before (`contextInjection: continuation-skip`). */
  readonly continuation?: boolean;
  /** Where the answer goes, for what the channel allows. */
  readonly replyTo?: ReplyRoute;
  /** What its channel can do. */
  readonly channel?: {
    readonly replyTags?: boolean;
    readonly reactions?: "minimal" | "extensive";
    /** When answers are spoken there; absent = never. */
    readonly speech?: "always" | "inbound" | "tagged";
  };
  /** A conversation of several people. Names are untrusted: they are quoted and cut. */
  readonly group?: {
    readonly kind: "group" | "channel";
    readonly channel: string;
    readonly name?: string;
    readonly members?: readonly string[];
    readonly activation: "mention" | "always";
  };
  /** Absent: the session is in no sandbox. */
  readonly sandbox?: {
    readonly mode: string;
    /** Workspace as the sandbox sees it, and on this machine. */
    readonly inside: string;
    readonly outside: string;
    readonly access: "none" | "ro" | "rw";
    readonly browserUrl?: string;
    readonly elevated: boolean;
  };
  /** Tokens that the prompt with its tool schemas may take; absent = as long as it is. */
  readonly budget?: number;
}

/** What a model is sent before the conversation. */
export interface Prompt {
  /** Stable blocks first. */
  readonly system: readonly SystemBlock[];
  /** The tools as they are offered: those of the request, or fewer and shorter ones where room is short. */
  readonly tools: readonly ToolSchema[];
  /** Told before the words of this turn, in this turn only, and not kept in the transcript. */
  readonly preamble?: string;
  readonly report: PromptReport;
}

/** What fills a prompt, by part, in characters (about four to a token). Holds no text of it. */
export interface PromptReport {
  readonly model: string;
  readonly workspaceDir: string;
  readonly bootstrapMaxChars: number;
  readonly bootstrapTotalMaxChars: number;
  readonly sandbox: { readonly mode: string; readonly sandboxed: boolean };
  readonly systemPrompt: { readonly chars: number; readonly stableChars: number; readonly projectContextChars: number };
  readonly sections: readonly { readonly id: string; readonly chars: number }[];
  readonly injectedWorkspaceFiles: readonly {
    readonly name: string;
    readonly missing: boolean;
    readonly rawChars: number;
    readonly injectedChars: number;
    readonly truncated: boolean;
  }[];
  readonly skills: {
    readonly promptChars: number;
    readonly entries: readonly { readonly name: string; readonly blockChars: number }[];
  };
  readonly tools: {
    readonly listChars: number;
    readonly schemaChars: number;
    readonly entries: readonly { readonly name: string; readonly summaryChars: number; readonly schemaChars: number }[];
  };
  /** Where the prompt had a limit: what was taken out, in order, and the tools that found no room. */
  readonly budget?: {
    readonly tokens: number;
    readonly used: number;
    readonly shortened: readonly string[];
    readonly droppedTools: readonly string[];
  };
}

/** What fills the window of a session now. */
export interface ContextReport extends PromptReport {
  /** `run`: as the newest run sent it; `estimate`: as the next one would. */
  readonly source: "run" | "estimate";
  readonly sessionKey: string;
  readonly agentId: string;
  /** Tokens of the newest request as its model counted them; null before the first. */
  readonly sessionTokens: number | null;
  /** Tokens of the model's window. */
  readonly contextTokens: number | null;
  readonly messages: number;
  /** Estimates, in tokens. `free`: what is left of the window, the reserve for the answer kept aside. */
  readonly tokens: {
    readonly system: number;
    readonly files: number;
    readonly skills: number;
    readonly toolList: number;
    readonly toolSchemas: number;
    readonly summary: number;
    readonly conversation: number;
    readonly reserve: number;
    readonly used: number;
    readonly free: number | null;
  };
}

/** Provided by the feature that runs turns. */
export interface ContextReportsService {
  /** `principal`: for whom the estimate is made; its tools are those that it may use. */
  of(sessionKey: string, principal: Principal): Promise<ContextReport>;
}

export interface AgentsService {
  list(config?: ConfigSnapshot): readonly Agent[];
  /** Undefined for an id that is not configured. */
  get(id: string, config?: ConfigSnapshot): Agent | undefined;
  default(config?: ConfigSnapshot): Agent;
  /** Name, theme, emoji and avatar: as configured, else as `IDENTITY.md` in the workspace says, else by default. */
  identity(agent: Agent): Promise<ResolvedIdentity>;
  /**
   * Makes the workspace folder and its missing files; says which were made and which were there. `dev`: with the
   * character of `gateway --dev`, who needs no first conversation. Throws `WORKSPACE_UNUSABLE`.
   */
  prepareWorkspace(
    agent: Agent,
    config: ConfigSnapshot,
    variant?: "dev",
  ): Promise<{ readonly created: readonly string[]; readonly kept: readonly string[] }>;
  /** Makes, changes and removes agents in the configuration. */
  readonly roster: Pick<Roster, "create" | "update" | "identify" | "remove">;
  /** The system prompt, and the tools as they fit beside it. Byte for byte the same for the same request and files. */
  prompt(request: PromptRequest): Promise<Prompt>;
}

export type { ResolvedIdentity } from "./_identity.ts";
export { limitsOf } from "./_limits.ts";
export { agentsSection, bindingsSection, commandsSection } from "./config.ts";

export { Agents, ContextReports } from "./_service-tokens.ts";
