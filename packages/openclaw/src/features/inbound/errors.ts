import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  CHAT_EMPTY: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "message or attachment required",
    remedy: "Send some text or a picture.",
  }),
  CHAT_KEY_REUSED: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "This idempotency key was used for another message.",
    remedy: "Use a fresh key for each message.",
  }),
  CHAT_ATTACHMENT_INVALID: fault<{ n: number; reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ n, reason }) => `Error: attachment attachment-${n}: ${reason}`,
    remedy: "Send pictures (PNG, JPEG, GIF, WebP) of at most 6 MiB and other files of at most 20 MB, as base64.",
  }),
  AGENT_UNKNOWN: fault<{ id: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `invalid agent params: unknown agent id "${id}"`,
    remedy: "List the agents with: openclaw gateway call agents.list",
  }),
  AGENT_GONE: fault<{ id: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `Agent "${id}" no longer exists in configuration`,
    remedy: "List the agents with: openclaw gateway call agents.list",
  }),
  DELIVERY_ROUTE_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "Channel is required: this session has not talked on a chat network yet.",
    remedy: "Name a channel and a recipient, or send without delivery.",
  }),
  SESSION_MUTATION_TARGET_REQUIRED: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "session mutation target is unavailable",
    remedy: "Name the session with sessionKey.",
  }),
  SEND_POLICY_DENIES: fault<void>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: () => "send blocked by session policy",
    remedy: "Set sendPolicy of the session to allow with sessions.patch.",
  }),
  SESSION_MISSING: fault<{ key: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `session not found: ${key}`,
    remedy: "Make it with sessions.create, or write to it with chat.send.",
  }),
  TRANSCRIPT_MOVED_ON: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "the conversation went on since it was loaded",
    remedy: "Load chat.history again and send with its newest entry.",
  }),
  ORIGIN_UNKNOWN: fault<{ channel: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ channel }) => `unsupported channel: ${channel}`,
    remedy: "List the channels with: openclaw channels status",
  }),
  RUN_FAILED: fault<{ message: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ message }) => message,
    remedy: "",
    retryable: false,
  }),
});
