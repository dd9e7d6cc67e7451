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
  SESSION_UNKNOWN: fault<{ key: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `session not found: ${key}`,
    remedy: "List the sessions with: openclaw sessions",
  }),
  SESSION_UNRESOLVED: fault<{ what: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ what }) => `No session found${what}`,
    remedy: "List the sessions with: openclaw sessions",
  }),
  SESSION_REFERENCE_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "Either key, sessionId, label, shortId, or reference is required",
    remedy: "Name the session in one of these ways.",
  }),
  SESSION_ID_EXPECTED: fault<{ key: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `expectedSessionId required for session lifecycle patch: ${key}`,
    remedy: "Send the sessionId that sessions.describe shows.",
  }),
  SESSION_CHANGED: fault<{ key: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `session changed since it was read: ${key}`,
    remedy: "Read it again with sessions.describe and retry.",
  }),
  SESSION_PREFERENCE_INVALID: fault<{ name: string; allowed: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ name, allowed }) => `invalid ${name} (use ${allowed.join("|")})`,
    remedy: "Send one of these, or null to clear it.",
  }),
  THINKING_UNSUPPORTED: fault<{ level: string; model: string; allowed: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ level, model, allowed }) =>
      `thinkingLevel "${level}" is not supported for ${model} (use ${allowed.join("|")})`,
    remedy: "Choose one of these, or another model.",
  }),
  PROVIDER_UNKNOWN: fault<{ provider: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ provider }) => `Unknown provider "${provider}". Use /models to list providers.`,
    remedy: "List what there is with: openclaw models list --all",
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
  LEVEL_UNKNOWN: fault<{ label: string; word: string; options: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ label, word }) => `Unrecognized ${label} "${word.slice(0, 40)}".`,
    remedy: ({ options }) => `Valid: ${options}.`,
  }),
  LEVEL_UNSUPPORTED: fault<{ level: string; model: string; options: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ level, model }) => `Thinking level "${level}" is not supported for ${model}.`,
    remedy: ({ options }) => `Valid: ${options}.`,
  }),
  MODEL_AMBIGUOUS: fault<{ ref: string; candidates: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ ref }) => `"${ref.slice(0, 80)}" could be several models.`,
    remedy: ({ candidates }) => `Name one of them: ${candidates.join(", ")}`,
  }),
  MODEL_NUMBER_UNKNOWN: fault<{ number: number; count: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ number, count }) => `There is no model ${number} in a list of ${count}.`,
    remedy: "Send /model to see the list.",
  }),
  MODEL_UNKNOWN_HERE: fault<{ ref: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ ref }) => `No model fits "${ref.slice(0, 80)}".`,
    remedy: "Send /model to see which there are.",
  }),
  MODEL_PROFILE_UNAVAILABLE: fault<{ profile: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ profile }) => `This version cannot choose the auth profile "${profile.slice(0, 80)}".`,
    remedy: "Leave out what begins with @.",
  }),
});
