/** What a prompt is made of, before it is text. Everything here is data: building it reads nothing. */
import type { Tool } from "../../../contracts/tool.ts";
import type { InjectedFile } from "../_injected.ts";
import type { PromptRequest } from "../index.ts";

export type SectionId =
  | "identity"
  | "personality"
  | "tooling"
  | "execution"
  | "safety"
  | "skills"
  | "memory"
  | "self-update"
  | "aliases"
  | "workspace"
  | "documentation"
  | "sandbox"
  | "owners"
  | "time"
  | "files"
  | "heartbeat-file"
  | "reply-tags"
  | "messaging"
  | "conversation"
  | "reactions"
  | "voice"
  | "silence"
  | "heartbeats"
  | "runtime"
  | "reasoning";

/** Facts that hold for the whole life of the process, or change with the configuration only. */
export interface PromptFacts {
  readonly timezone: string;
  readonly hourCycle: "12-hour" | "24-hour";
  readonly host: string;
  readonly os: string;
  readonly node: string;
  /** Root of the repository that the workspace lies in. */
  readonly repo?: string;
  /** Short names of models, sorted: `["opus", "anthropic/claude-opus-4-5"]`. */
  readonly aliases: readonly (readonly [alias: string, ref: string])[];
  /** Owners as they may be shown. */
  readonly owners: readonly string[];
  /** What heartbeats ask; absent where there are none, or where the prompt shall not explain them. */
  readonly heartbeat?: string;
  /** Whether models of the GPT-5 family are asked for a friendly tone. */
  readonly friendly: boolean;
  /** Whether it is told in stronger words to act. */
  readonly strict: boolean;
}

export interface PromptParts {
  readonly request: PromptRequest;
  readonly facts: PromptFacts;
  readonly files: readonly InjectedFile[];
  /** What is said of files that were cut; absent = nothing. */
  readonly notice?: string;
  /** Text of `prompt/<name>.md`. */
  readonly prose: (name: string) => string;
}

/** A prompt on its way into a narrow window: what was taken out so far. */
export interface Draft {
  readonly omitted: ReadonlySet<SectionId>;
  readonly skills: string;
  readonly files: readonly InjectedFile[];
  readonly tools: readonly Tool[];
  /** Tools are told in one line, their parameters without words. */
  readonly brief: boolean;
}

export interface Section {
  readonly id: SectionId;
  /** With its heading. */
  readonly text: string;
  /** Before the cache boundary. */
  readonly stable: boolean;
}
