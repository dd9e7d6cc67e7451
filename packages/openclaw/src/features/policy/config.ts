/** `tools`: which tools exist, what they may do, how they behave. */
import { defineConfig } from "../../contracts/config.ts";
import { closed, type Static } from "../../contracts/schema.ts";
import { listProblems, thresholdProblems } from "../../contracts/tool-config.ts";
import { media, mediaSecrets } from "./_config-media.ts";
import * as policy from "./_config-toolset.ts";
import { web, webSecrets } from "./_config-web.ts";

const schema = closed({
  ...policy.toolRules,
  elevated: policy.elevated,
  agentToAgent: policy.agentToAgent,
  subagents: policy.subagents,
  sandbox: policy.sandbox,
  message: policy.message,
  sessions: policy.sessions,
  sessions_spawn: policy.sessionsSpawn,
  fs: policy.fs,
  loopDetection: policy.loopDetection,
  experimental: policy.experimental,
  exec: policy.exec,
  web,
  media,
});

export type ToolsConfig = Static<typeof schema>;
export type ExecConfig = ToolsConfig["exec"];

export const toolsSection = defineConfig({
  path: "tools",
  summary: "Tools: profiles, allow and deny lists, and the settings of single tools.",
  reload: "live",
  secrets: [...webSecrets, ...mediaSecrets],
  schema,
  rules: (value) => [...listProblems(value), ...thresholdProblems(value.loopDetection)],
});

export const config = [toolsSection];
