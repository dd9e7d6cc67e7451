/** Keys of `tools` that say which tools exist for whom; those that agents narrow are in contracts/tool-config.ts. */
import { flag, maybePick, maybeWords, part, whole, words } from "../../contracts/config-kinds.ts";
import { ALLOW, DENY } from "../../contracts/tool-config.ts";

export { elevated, exec, fs, loopDetection, message, toolRules } from "../../contracts/tool-config.ts";

export const agentToAgent = part(
  {
    enabled: flag(false, "Agents may use each other's sessions"),
    allow: maybeWords("Agents that may; both sides must be listed"),
  },
  "Messages between agents",
);

export const subagents = part(
  { tools: part({ allow: maybeWords(ALLOW), deny: maybeWords(DENY) }, "Tools of sub-agents") },
  "Sub-agents",
);

const SANDBOX_ALLOW = [
  "exec",
  "process",
  "read",
  "write",
  "edit",
  "apply_patch",
  "sessions_list",
  "sessions_history",
  "sessions_send",
  "sessions_spawn",
  "session_status",
];
const SANDBOX_DENY = ["browser", "canvas", "nodes", "cron", "discord", "gateway"];

export const sandbox = part(
  { tools: part({ allow: words(SANDBOX_ALLOW, ALLOW), deny: words(SANDBOX_DENY, DENY) }, "Tools in a sandbox") },
  "Sessions in a sandbox",
);

export const sessions = part(
  {
    visibility: maybePick(
      ["self", "tree", "agent", "all"],
      "Sessions that session tools see; absent = `agent` from the main session of an owner, else `tree`",
    ),
  },
  "Tools for sessions",
);

export const sessionsSpawn = part(
  {
    attachments: part(
      {
        enabled: flag(false, "Hand files over to a sub-agent"),
        maxTotalBytes: whole(5_242_880, "All files together, bytes"),
        maxFiles: whole(50, "Number of files"),
        maxFileBytes: whole(1_048_576, "One file, bytes"),
        retainOnSessionKeep: flag(false, "Keep them when the session is kept"),
      },
      "Files",
    ),
  },
  "The tool `sessions_spawn`",
);

export const experimental = part({ planTool: flag(false, "The tool update_plan") }, "Not finished yet");
