import { defineErrors, fault } from "../../base/errors.ts";
import type { FailureClass } from "../../contracts/model.ts";

const REMEDIES: Partial<Record<FailureClass, string>> = {
  rate_limit:
    "Wait, or raise the limit at the provider; with a model in agents.defaults.model.fallbacks the answer comes from that one.",
  billing: "The account at the provider has no credit left: add some there, or use another key or model.",
  format: "The conversation holds something that the model does not take; start afresh with /new.",
  context_overflow: "Start afresh with /new, or use a model with a larger window.",
};

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
  CLI_BACKEND_OWNER_ONLY: fault<{ provider: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ provider }) => `Answers by the program behind "${provider}" are for the owner alone.`,
    remedy: "For others give the agent a model, or a fallback, that is no program on this machine.",
  }),
  CLI_BACKEND_SANDBOXED: fault<{ provider: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ provider }) =>
      `This session is kept in a sandbox, and the program behind "${provider}" would not be in it.`,
    remedy:
      "Give the agent a model, or a fallback, that is no program on this machine, or change agents.defaults.sandbox.mode.",
  }),
  MODEL_FAILED: fault<{ message: string; kind?: FailureClass }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ message }) => message,
    remedy: ({ kind }) =>
      REMEDIES[kind ?? "unknown"] ?? "Check the model's key, quota and server with: openclaw models list",
    retryable: true,
  }),
  MODELS_FAILED: fault<{ count: number; what: string; wait?: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ count, what }) => `All models failed (${count}): ${what}.`,
    remedy: ({ wait }) =>
      wait === undefined
        ? "Check their keys, quotas and servers with: openclaw models list"
        : `One of them can be asked again in ${wait}.`,
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
  CONVERSATION_UNKNOWN: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "session not found",
    remedy: "List the sessions with: openclaw sessions",
  }),
  TOOL_LOOPS: fault<{ tool: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ tool }) => `${tool} was not called again: the same call gave the same result many times in this run.`,
    remedy: "Try something else, or say what is in the way.",
  }),
  RUN_LOOPS: fault<void>({
    status: 409,
    rpc: "UNAVAILABLE",
    say: () => "The run was ended because it went in circles.",
    remedy: "Say what should be done differently; thresholds are in tools.loopDetection.",
  }),
  CONVERSATION_CHANGED: fault<{ key: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `the session ${key} has started afresh meanwhile`,
    remedy: "Read the session again and repeat the request with its new sessionId.",
  }),
  CONVERSATION_EXISTS: fault<{ key: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `session ${key} is there already`,
    remedy: "Give another newKey, or none.",
  }),
  MESSAGE_UNKNOWN: fault<{ id: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `message not found: ${id.slice(0, 80)}`,
    remedy: "Use an id that chat.history shows.",
  }),
  COMPACTION_REFUSED: fault<{ reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ reason }) => `The conversation could not be summarised: ${reason}`,
    remedy: "It is as it was. Check the model with: openclaw models list",
    retryable: true,
  }),
  SESSION_RUNS: fault<{ key: string }>({
    status: 409,
    rpc: "UNAVAILABLE",
    say: ({ key }) => `a run is under way in ${key}`,
    remedy: "Wait for its end or stop it with sessions.abort.",
    retryable: true,
  }),
  HISTORY_UNKNOWN: fault<{ key: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `Session not found: ${key}`,
    remedy: "List the sessions with: openclaw sessions",
  }),
  HISTORY_QUERY: fault<{ name: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `${name}: expected a positive integer`,
    remedy: "Leave it out, or take the value from an earlier answer.",
  }),
  HISTORY_CROWDED: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "Too many history streams are open",
    remedy: "Close one, or come again later.",
    retryable: true,
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
  TOOL_NOT_HERE: fault<{ tool: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ tool }) => `The tool "${tool}" is not available here.`,
    remedy: "The tool policy does not give it to this agent, or this version does not have it yet; go on without it.",
  }),
  TOOL_UNKNOWN: fault<{ tool: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ tool }) => `There is no tool named "${tool}".`,
    remedy: "Use one of the tools listed under Tooling.",
  }),
  TOOL_HEADLESS: fault<{ tool: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ tool }) => `${tool} denied: Headless runs cannot wait for interactive ${tool} approval.`,
    remedy: "Ask the owner to open the Control UI and approve it there, or to put the program on the allow-list.",
  }),
  APPROVAL_DENIED: fault<{ tool: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ tool }) => `${tool} was not run: the owner denied it.`,
    remedy: "There is no output; do not use that of an earlier call. Find another way or ask the owner.",
  }),
  APPROVAL_EXPIRED: fault<{ tool: string; minutes: number }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ tool, minutes }) => `${tool} was not run: nobody answered within ${minutes} min.`,
    remedy: "There is no output; do not use that of an earlier call. Ask the owner before you try again.",
  }),
  APPROVAL_UNSTEADY: fault<{ tool: string }>({
    status: 409,
    rpc: "UNAVAILABLE",
    say: ({ tool }) => `${tool} was not run: what it would do kept changing while an approval was asked for.`,
    remedy: "Try again when the files and programs it uses stay as they are.",
  }),
  TOOL_REFUSED: fault<{ tool: string; reason: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ tool, reason }) => `${tool} was not run: ${reason}`,
    remedy: "Find another way or ask the owner to allow it.",
  }),
  ASIDE_EMPTY: fault<void>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: () => "The model had no answer to that.",
    remedy: "Ask it in other words.",
    retryable: true,
  }),
  ASIDE_BUSY: fault<void>({
    status: 429,
    rpc: "UNAVAILABLE",
    say: () => "Too many side questions wait for their answers.",
    remedy: "Ask again when one of them has been answered.",
    retryable: true,
  }),
  EXPORT_PATH: fault<{ reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `The path of the export ${reason}.`,
    remedy: "Name another one, or none.",
  }),
});
