import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  SESSION_KEY_MALFORMED: fault<{ key: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `"${key.slice(0, 80)}" is not a session key.`,
    remedy: "Use a key such as `main` or `agent:main:main`.",
  }),
  SESSION_MAIN_UNDELETABLE: fault<{ key: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `Cannot delete the main session (${key}).`,
    remedy: "Reset it instead with sessions.reset.",
  }),
  SESSION_AGENT_UNKNOWN: fault<{ id: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `Unknown agent id "${id}"`,
    remedy: "List the agents with: openclaw gateway call agents.list",
  }),
  SYSTEM_EVENT_EMPTY: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "text required",
    remedy: "Say in a sentence what happened.",
  }),
  LANE_FULL: fault<{ key: string; cap: number }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ key, cap }) => `The session ${key} already has ${cap} messages waiting.`,
    remedy: "Wait for an answer or stop the run, then send it again.",
    retryable: true,
  }),
});
