/** One entry of `agents.list`: what it leaves out is inherited, so nothing here has a default. */
import {
  maybeFlag,
  maybeOverlay,
  maybePart,
  maybePick,
  maybeText,
  maybeWhole,
  maybeWords,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { allowDeny, elevated, exec, fs, loopDetection, message, toolRules } from "../../../contracts/tool-config.ts";
import { contextLimits } from "./context.ts";
import { heartbeat, humanDelay } from "./delivery.ts";
import { subagents } from "./subagents.ts";
import { memorySearch } from "./memory.ts";
import { sandbox } from "./sandbox.ts";
import { maybeFast, maybeModel, maybeParams, maybeRuntime, maybeThinking } from "./shared.ts";
import { tts } from "./tts.ts";

const tools = Type.Unsafe<Record<string, unknown>>(
  closed(
    {
      ...toolRules,
      elevated: maybeOverlay(elevated),
      exec: maybeOverlay(exec),
      sandbox: maybePart({ tools: Type.Optional(allowDeny) }, "Sessions in a sandbox"),
      message: maybeOverlay(message),
      fs: maybeOverlay(fs),
      loopDetection: maybeOverlay(loopDetection),
    },
    { description: "Narrows `tools` for this agent" },
  ),
);

const identity = closed(
  {
    name: maybeText("Name; also what it answers to in groups"),
    theme: maybeText("Character in a few words"),
    emoji: maybeText("Emoji; also the one it puts on messages"),
    avatar: maybeText("Picture: a file of the workspace, an address, or a data URI"),
  },
  { description: "Who it is" },
);

const runtime = maybePart(
  {
    type: maybePick(["embedded", "acp"], "Built in, or another coding agent"),
    acp: maybePart(
      {
        agent: maybeText("Coding agent"),
        backend: maybeText("Plugin that runs it"),
        mode: maybePick(["persistent", "oneshot"], "Keep it running, or start it for each turn"),
        cwd: maybeText("Folder that it runs in"),
      },
      "Coding agent",
    ),
  },
  "What runs turns",
);

export const agent = closed({
  id: Type.Unsafe<string>({
    type: "string",
    pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
    hint: "an id of letters, digits, - and _, at most 64",
    readAs: "lowercase",
    description: "Stable id",
  }),
  default: maybeFlag("The agent meant when none is named; else the first of the list"),
  name: maybeText("Display name; absent = the id"),
  workspace: maybeText("Folder it works in; absent = `workspace-<id>` in the state directory"),
  agentDir: maybeText("Folder of its logins; absent = `agents/<id>/agent` in the state directory; never shared"),
  model: maybeModel("Model; a text replaces only the first, `fallbacks: []` switches the others off"),
  identity: Type.Optional(identity),
  groupChat: maybePart(
    {
      mentionPatterns: maybeWords("Patterns of texts that it answers to; absent = its name and emoji"),
      historyLimit: maybeWhole("Unread messages given as context"),
      requireMention: maybeFlag("Answer only when mentioned"),
    },
    "Groups",
  ),
  sandbox: maybeOverlay(sandbox),
  subagents: maybeOverlay(subagents),
  tools: Type.Optional(tools),
  heartbeat: maybeOverlay(heartbeat),
  humanDelay: maybeOverlay(humanDelay),
  memorySearch: maybeOverlay(memorySearch),
  params: maybeParams("Settings of its models; they win over all others"),
  skills: maybeWords("Only these skills; absent = those of all agents"),
  skillsLimits: maybePart(
    { maxSkillsPromptChars: maybeWhole("Longest list of skills in the prompt, characters") },
    "Limits of skills",
  ),
  tts: maybeOverlay(tts),
  thinkingDefault: maybeThinking("How hard the model thinks"),
  reasoningDefault: maybePick(["off", "on", "stream"], "Show what the model thinks in the chat"),
  fastModeDefault: maybeFast("Ask the provider for speed"),
  agentRuntime: maybeRuntime(),
  runtime,
  contextLimits: maybeOverlay(contextLimits),
  systemPromptOverride: maybeText("Stands in place of the whole prompt"),
});
