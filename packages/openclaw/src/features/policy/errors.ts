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
});
