/** The door of skills: instructions for single purposes, which of them an agent may use now, and what they bring along. */
import type { Agent } from "../agents/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";

/** Where a skill comes from, as clients know it; highest precedence first. */
export type SkillSource =
  | "openclaw-workspace"
  | "agents-skills-project"
  | "agents-skills-personal"
  | "openclaw-managed"
  | "openclaw-bundled"
  | "openclaw-extra";

export interface Requirements {
  readonly bins: readonly string[];
  /** One of them is enough. */
  readonly anyBins: readonly string[];
  readonly env: readonly string[];
  /** Dotted paths of settings that must not be off. */
  readonly config: readonly string[];
  /** `darwin`, `linux`, `win32`; empty = any. */
  readonly os: readonly string[];
}

/** A way to get what a skill needs. */
export interface Installer {
  readonly id: string;
  readonly kind: "brew" | "node" | "go" | "uv" | "download";
  readonly label: string;
  readonly bins: readonly string[];
  readonly os: readonly string[];
}

/** What the front matter of one `SKILL.md` says. */
export interface Skill {
  /** `[a-z0-9-]`, at most 64. */
  readonly name: string;
  /** One line. */
  readonly description: string;
  readonly source: SkillSource;
  /** Absolute. */
  readonly baseDir: string;
  readonly filePath: string;
  /** Its key in `skills.entries`. */
  readonly skillKey: string;
  readonly homepage?: string;
  readonly emoji?: string;
  /** People may call it as a slash command. */
  readonly userInvocable: boolean;
  /** Left out of the prompt. */
  readonly promptHidden: boolean;
  /** Its command calls this tool instead of asking the model. */
  readonly dispatch?: { readonly tool: string };
  /** Needs nothing. */
  readonly always: boolean;
  readonly requires: Requirements;
  /** Variable that `skills.entries.<key>.apiKey` is given in. */
  readonly primaryEnv?: string;
  readonly install: readonly Installer[];
}

/** A folder that is no usable skill, and why. */
export interface SkillProblem {
  /** Absolute path of the file or folder. */
  readonly path: string;
  /** The end of a sentence: `has no description`. */
  readonly reason: string;
}

/** What stands between an agent and a skill. */
export interface SkillState {
  readonly skill: Skill;
  readonly eligible: boolean;
  /** `skills.entries.<key>.enabled` is false. */
  readonly disabled: boolean;
  /** Not in `skills.allowBundled`, or not in the agent's own list. */
  readonly blockedByAllowlist: boolean;
  readonly missing: Requirements;
  /** Variables of the gateway that it asks for and is not given: secrets that its entry does not name. */
  readonly withheld: readonly string[];
}

/** The skills of one run. */
export interface SkillSet {
  /** The same while nothing that the model reads of them changes. */
  readonly version: string;
  /** The list for the prompt; empty when there is nothing to list. */
  readonly prompt: string;
  /** Variables for child processes of the run. Values may be secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Every eligible skill, highest precedence first; also those that `prompt` leaves out. */
  readonly skills: readonly Skill[];
  /** How many the prompt has no room for. */
  readonly omitted: number;
}

export interface SkillQuery {
  readonly agent: Pick<Agent, "id" | "workspace">;
  readonly config: ConfigSnapshot;
  /** Only these, where the conversation has a list of its own. */
  readonly filter?: readonly string[];
  /** Only those in this folder: others cannot be read. Absolute. */
  readonly within?: string;
  /** A conversation begins: look at the folders again even where they are not watched. */
  readonly fresh?: boolean;
}

/** A skill as a slash command. */
export interface SkillCommand {
  /** Without the slash: `[a-z0-9_]`, at most 32. */
  readonly name: string;
  /** At most 100 characters. */
  readonly description: string;
  readonly skill: Skill;
}

export interface SkillsService {
  /** What the agent may use now. A broken skill never makes it reject. */
  eligible(query: SkillQuery): Promise<SkillSet>;
  /** Every skill that was found, eligible or not, and what was found but cannot be used. */
  states(
    query: SkillQuery,
  ): Promise<{ readonly skills: readonly SkillState[]; readonly problems: readonly SkillProblem[] }>;
  /** Eligible skills that people may call. `reserved` names belong to others. */
  commands(query: SkillQuery & { readonly reserved?: Iterable<string> }): Promise<readonly SkillCommand[]>;
}

export { Skills } from "./_service-tokens.ts";
export { skillsOfConversation } from "./_conversation.ts";
export { BundledSkills } from "./_service-tokens.ts";
