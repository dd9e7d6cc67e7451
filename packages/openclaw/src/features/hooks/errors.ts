/** Why a hook is refused. The messages leave as `{ok:false,error}`. */
import { defineErrors, fault, type ErrorSpec } from "../../base/errors.ts";

const SEE = "See docs/webhooks.md for what a hook may send.";

function refused<P>(say: (params: P) => string, remedy: string = SEE): ErrorSpec<P> {
  return fault<P>({ status: 400, rpc: "INVALID_REQUEST", say, remedy });
}

export const errors = defineErrors({
  HOOK_FIELD: refused<{ message: string }>(({ message }) => message),
  HOOK_KEY_CHOSEN: refused<void>(
    () => "sessionKey is not allowed here (hooks.allowRequestSessionKey is false)",
    "Leave sessionKey out, or set hooks.allowRequestSessionKey to true.",
  ),
  HOOK_KEY_PREFIX: refused<{ allowed: string }>(
    ({ allowed }) => `sessionKey must begin with one of: ${allowed}`,
    "Choose another key, or add the beginning to hooks.allowedSessionKeyPrefixes.",
  ),
  HOOK_KEY_INVALID: refused<void>(() => "sessionKey is not a session key", "Use a key such as hook:build."),
  HOOK_AGENT_UNKNOWN: refused<{ id: string }>(
    ({ id }) => `unknown agentId "${id}"`,
    "List the agents with: openclaw agents list",
  ),
  HOOK_AGENT_DENIED: refused<{ id: string }>(
    ({ id }) => `agentId "${id}" is not allowed`,
    "Add the agent to hooks.allowedAgentIds, or choose another.",
  ),
  HOOK_CHANNEL_UNKNOWN: refused<{ known: readonly string[] }>(
    ({ known }) => `channel must be ${["last", ...known].join("|")}`,
    "Send one of these, or nothing for the channel used last.",
  ),
  HOOK_CHANNEL_OFF: refused<{ channel: string }>(
    ({ channel }) => `the channel ${channel} is not configured`,
    "Configure the channel, choose another, or send deliver: false.",
  ),
  HOOK_TARGET_MISSING: refused<{ channel: string }>(
    ({ channel }) =>
      channel === "last" ? "there is no last chat to deliver to" : `to is required for the channel ${channel}`,
    "Send channel and to, or deliver: false.",
  ),
  HOOK_MODEL: refused<{ reason: string }>(({ reason }) => reason, "Choose a model that openclaw models list shows."),
  HOOK_SESSION_CONFLICT: fault<{ agentId: string; owner: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ agentId, owner }) => `sessionKey belongs to the agent "${owner}", not to "${agentId}"`,
    remedy: "Send one of agentId and sessionKey.",
  }),
  HOOK_PREPARATION: fault<{ reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ reason }) => `the run could not be prepared: ${reason}`,
    remedy: "Look at the log with: openclaw logs",
    retryable: true,
  }),
  HOOK_NOT_ADMITTED: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "the run was not admitted in time",
    remedy: "Send the same request with the same Idempotency-Key again.",
    retryable: true,
  }),
  HOOK_BUSY: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "too many hook runs are under way",
    remedy: "Send the same request again later.",
    retryable: true,
  }),
  HOOK_TRANSFORM: fault<{ module: string; reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ module, reason }) => `the transform ${module} failed: ${reason}`,
    remedy: "Correct the module in hooks.transformsDir.",
  }),
});
