/** Keys of `agents.defaults` about others that work for the agent: sub-agents, command-line programs. */
import {
  flag,
  maybeFlag,
  maybeMapOf,
  maybePick,
  maybeText,
  maybeWhole,
  maybeWords,
  part,
  whole,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { maybeModel, maybeThinking } from "./shared.ts";

export const subagents = part(
  {
    model: maybeModel("Model; absent = that of who starts one"),
    thinking: maybeThinking("How hard they think"),
    maxConcurrent: whole(1, "How many at the same time", { minimum: 1 }),
    archiveAfterMinutes: whole(60, "Minutes after which they are put away; 0 = never"),
    allowAgents: maybeWords("Agents that may be started, `*` = all; absent = the same one"),
    runTimeoutSeconds: whole(0, "Longest run, seconds; 0 = that of the agent"),
    requireAgentId: flag(false, "The agent must be named"),
    maxSpawnDepth: whole(1, "How deep sub-agents may start sub-agents; 1 = they may not", { minimum: 1, maximum: 5 }),
    maxChildrenPerAgent: whole(5, "Sub-agents of one session at the same time", { minimum: 1, maximum: 20 }),
  },
  "Agents that an agent starts",
);

const OUTPUT = ["json", "text", "jsonl"] as const;

/** A program that answers in text when no provider does. */
export const cliBackend = closed({
  command: maybeText("Program"),
  args: maybeWords("Its arguments"),
  resumeArgs: maybeWords("Its arguments in a session that exists; `{sessionId}` is replaced"),
  output: maybePick(OUTPUT, "Form of what it prints; default `json`"),
  resumeOutput: maybePick(OUTPUT, "The same in a session that exists"),
  input: maybePick(["arg", "stdin"], "How it gets the message; default `arg`"),
  modelArg: maybeText("Flag of the model"),
  modelAliases: maybeMapOf(Type.String(), "Its names of models"),
  sessionArg: maybeText("Flag of the session; without it there are no sessions"),
  sessionArgs: maybeWords("Arguments of the session; `{sessionId}` is replaced"),
  sessionMode: maybePick(["always", "existing", "none"], "When the session is named; default `always`"),
  sessionIdFields: maybeWords("Fields of its output that name the session"),
  systemPromptArg: maybeText("Flag of the prompt"),
  systemPromptFileArg: maybeText("Flag of a file with the prompt"),
  systemPromptFileConfigArg: maybeText("Flag that sets a setting to that file"),
  systemPromptFileConfigKey: maybeText("Name of that setting"),
  systemPromptWhen: maybePick(["first", "always", "never"], "When it is given; default `first`"),
  systemPromptMode: maybePick(["append", "replace"], "Beside its own prompt, or instead; default `append`"),
  imageArg: maybeText("Flag of pictures, which are given as files"),
  imageMode: maybePick(["repeat", "list"], "Several pictures; default `repeat`"),
  env: maybeMapOf(Type.String(), "Variables that it gets"),
  clearEnv: maybeWords("Variables that it does not get"),
  serialize: maybeFlag("One run at a time"),
  maxPromptArgChars: maybeWhole("Longest message given as an argument, characters"),
  bundleMcp: maybeFlag("Give it the gateway's tools"),
});
