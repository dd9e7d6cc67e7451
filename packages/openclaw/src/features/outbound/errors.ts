import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  SEND_EMPTY: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "invalid send params: text or media is required",
    remedy: "Say what is to be sent.",
  }),
  SEND_CHANNEL_MISSING: fault<{ configured: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ configured }) =>
      configured.length === 0
        ? "Error: Channel is required (no configured channels detected)"
        : `Error: Channel is required when multiple channels are configured: ${configured.join(", ")}`,
    remedy: "Name one with channel; list them with: openclaw channels status",
  }),
  SEND_CHANNEL_UNKNOWN: fault<{ channel: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ channel }) => `unsupported channel: ${channel.slice(0, 80)}`,
    remedy: "List the channels with: openclaw channels status",
  }),
  POLL_CHANNEL_UNKNOWN: fault<{ channel: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ channel }) => `unsupported poll channel: ${channel.slice(0, 80)}`,
    remedy: "No channel of this version takes polls; ask the question as text.",
  }),
  SEND_MEDIA_UNAVAILABLE: fault<void>({
    status: 501,
    rpc: "UNAVAILABLE",
    say: () => "Sending media is not available in this version.",
    remedy: "Send a text, with a link where needed.",
  }),
  MEDIA_PRIVATE: fault<void>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: () => "it holds secrets of this installation or notes that are not for everybody",
    remedy: "Send another file.",
  }),
  MEDIA_OUTSIDE: fault<{ roots: readonly string[] }>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: ({ roots }) => `only files in these folders may be sent: ${roots.join(", ")}`,
    remedy: "Copy the file into the workspace.",
  }),
  MEDIA_TOO_LARGE: fault<{ megabytes: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ megabytes }) => `it is larger than ${megabytes} MB`,
    remedy: "Raise mediaMaxMb of the channel, or send less.",
  }),
  MEDIA_REFUSED: fault<{ status: number }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ status }) => `its server answered ${status}`,
    remedy: "Open the address in a browser to see whether it is there.",
  }),
  MEDIA_GONE: fault<{ path: string }>({
    status: 404,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `The copy of the file is gone: ${path}`,
    remedy: "Send it again.",
  }),
  ACTION_UNAVAILABLE: fault<{ action: string; channel: string }>({
    status: 501,
    rpc: "UNAVAILABLE",
    say: ({ action, channel }) => `Error: ${channel} does not take the action ${action.slice(0, 40)} in this version.`,
    remedy: "Use the action send.",
  }),
  SEND_WAITING: fault<{ channel: string; account: string; error: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ channel, account, error }) =>
      `The message waits in the queue of ${channel} (${account}) and will be sent later${error === "" ? "" : `: ${error}`}.`,
    remedy:
      "See why with: openclaw channels status. Repeat with the same idempotencyKey to ask again; it is sent once.",
    retryable: true,
  }),
  SEND_FAILED: fault<{ error: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ error }) => `Error: ${error}`,
    remedy: "Check the recipient, and the account with: openclaw channels status",
  }),
});
