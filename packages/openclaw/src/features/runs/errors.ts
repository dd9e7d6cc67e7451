import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  RUN_INTERRUPTED: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "The answer was cut off several times because the gateway stopped while working on it.",
    remedy: "Send the message again; if it happens again, look at: openclaw logs",
    retryable: true,
  }),
  RUN_TIMEOUT: fault<{ seconds: number }>({
    status: 504,
    rpc: "AGENT_TIMEOUT",
    say: ({ seconds }) => `The run was stopped because it took longer than ${seconds} s.`,
    remedy: "Ask for less at once, or raise agents.defaults.timeoutSeconds.",
    retryable: true,
  }),
  RUN_ENDLESS: fault<{ steps: number }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ steps }) => `The run was stopped after ${steps} model calls without coming to an end.`,
    remedy: "Split the task, or use a stronger model.",
  }),
  MODEL_FAILED: fault<{ message: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ message }) => message,
    remedy: "Check the model's key, quota and server with: openclaw models list",
    retryable: true,
  }),
  CLIENT_TOOL_TAKEN: fault<{ tool: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ tool }) => `Invalid tools/tool_choice: the agent has a tool named "${tool}" itself`,
    remedy: "Give your tool another name, or take the agent's away in tools.deny.",
  }),
  TOOL_ARGUMENTS: fault<{ tool: string; problems: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ tool, problems }) => `Invalid arguments for ${tool}: ${problems}.`,
    remedy: "Call it again with arguments that fit its schema.",
  }),
  TOOL_ABSENT: fault<{ tool: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ tool }) => `Tool not available: ${tool}`,
    remedy: "List the tools of the session with tools.effective.",
  }),
  TOOL_PLACE: fault<{ message: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ message }) => message,
    remedy: "Name a session of a configured agent, or none for the main session.",
  }),
  TOOL_UNKNOWN: fault<{ tool: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ tool }) => `There is no tool named "${tool}".`,
    remedy: "Use one of the tools listed under Tooling.",
  }),
  TOOL_REFUSED: fault<{ tool: string; reason: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ tool, reason }) => `${tool} was not run: ${reason}`,
    remedy: "Find another way or ask the owner to allow it.",
  }),
});
