/** The door of agents: who they are, where they work, what they are told first. */
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { SystemBlock } from "../../contracts/model.ts";
import type { Tool } from "../../contracts/tool.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { Roster } from "./_roster.ts";

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  /** Absolute. */
  readonly workspace: string;
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
  readonly isMain: boolean;
  readonly tools: readonly Tool[];
  readonly modelRef: string;
  readonly thinking: string;
  readonly extra?: string;
  /** `minimal`: helpers; `none`: the line that says who it is. Default `full`. */
  readonly mode?: "full" | "minimal" | "none";
  /** The list of skills, ready to be read (`SkillSet.prompt`). */
  readonly skills?: string;
  /** The conversation was reset and this is its first turn. */
  readonly fresh?: "new" | "reset";
  /** Where the answer goes, for what the channel allows. */
  readonly replyTo?: ReplyRoute;
  /** Tokens that the prompt with its tool schemas may take; absent = as long as it is. */
  readonly budget?: number;
}

export interface AgentsService {
  list(config?: ConfigSnapshot): readonly Agent[];
  /** Undefined for an id that is not configured. */
  get(id: string, config?: ConfigSnapshot): Agent | undefined;
  default(config?: ConfigSnapshot): Agent;
  /** Makes the workspace folder and its missing files. */
  prepareWorkspace(agent: Agent, config: ConfigSnapshot): Promise<void>;
  /** Makes, changes and removes agents in the configuration. */
  readonly roster: Pick<Roster, "create" | "update" | "remove">;
  /** System prompt: stable blocks first. */
  prompt(request: PromptRequest): Promise<readonly SystemBlock[]>;
}

export { agentsSection, bindingsSection, commandsSection } from "./config.ts";

export { Agents } from "./_service-tokens.ts";
