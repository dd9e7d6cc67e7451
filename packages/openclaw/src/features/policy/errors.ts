import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  TOOLSET_EMPTY: fault<{ agentId: string }>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ agentId }) => `The tool policy leaves the agent "${agentId}" no tool, although an allow list names some.`,
    remedy: "Check tools.allow and agents.list[].tools.allow against the names in: openclaw config get tools",
  }),
  AGENT_TOOLS_INVALID: fault<{ agentId: string; problems: string }>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ agentId, problems }) => `The tool settings of the agent "${agentId}" are not valid: ${problems}.`,
    remedy: "Correct agents.list[].tools in openclaw.json.",
  }),
  TOOLS_AGENT_UNKNOWN: fault<{ agentId: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ agentId }) => `unknown agent id "${agentId}"`,
    remedy: "List the agents with: openclaw agents list",
  }),
  EXEC_SETTING_UNKNOWN: fault<{ part: string; options: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ part }) => `"${part.slice(0, 80)}" is no setting of /exec.`,
    remedy: ({ options }) => `Valid: ${options}.`,
  }),
  EXEC_LOOSENED: fault<void>({
    status: 403,
    rpc: "FORBIDDEN",
    say: () => "Only an owner may make /exec less strict than it is here.",
    remedy: "Ask the owner of this assistant.",
  }),
  ELEVATED_UNAVAILABLE: fault<{ gate: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ gate }) => `Elevated mode is not available to you: ${gate} does not allow it.`,
    remedy: "Its owner can allow it in openclaw.json.",
  }),
  ELEVATED_LEVEL_UNKNOWN: fault<{ word: string; options: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ word }) => `Unrecognized elevated level "${word.slice(0, 40)}".`,
    remedy: ({ options }) => `Valid: ${options}.`,
  }),
});
