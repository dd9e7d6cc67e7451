import { defineErrors, fault } from "../../base/errors.ts";

const LOOK = "See the nodes with: openclaw nodes status";

export const errors = defineErrors({
  NODE_UNKNOWN: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "unknown nodeId",
    remedy: LOOK,
  }),
  NODE_REQUEST_UNKNOWN: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "unknown requestId",
    remedy: "See who waits with: openclaw nodes pending",
  }),
  NODE_APPROVAL_DENIED: fault<{ scope: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ scope }) => `missing scope: ${scope}`,
    remedy: "Approve from a client that holds every scope that the request names.",
  }),
  NODE_NOT_PAIRED: fault<void>({
    status: 409,
    rpc: "UNAVAILABLE",
    say: () => "node pairing changed while invocation was active",
    remedy: `${LOOK}; approve a node with: openclaw nodes approve <requestId>`,
    retryable: true,
  }),
  NODE_RUN_AMBIGUOUS: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "the command or its folder is named twice, and not the same both times",
    remedy: "Send what was approved, once.",
  }),
  NODE_NOT_CONNECTED: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "node not connected",
    remedy: "Start the app or node host on that device and check its connection.",
    retryable: true,
  }),
  NODE_COMMAND_NOT_ALLOWED: fault<{ command: string; why: string }>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: ({ command, why }) => `node command not allowed: "${command}" ${why}`,
    remedy: "See what the node offers with: openclaw nodes describe --node <id>",
  }),
  NODE_COMMAND_FAILED: fault<{ code: string; message: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ code, message }) => `${code}: ${message}`,
    remedy: "Look at the device: permissions, foreground, approvals.",
  }),
  NODE_TIMEOUT: fault<void>({
    status: 504,
    rpc: "UNAVAILABLE",
    say: () => "TIMEOUT: node invoke timed out",
    remedy: "Try again with a longer timeoutMs, or check that the device is awake.",
    retryable: true,
  }),
  NODE_BUSY: fault<{ limit: number }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ limit }) => `The node has ${limit} commands under way already.`,
    remedy: "Wait until some of them have ended.",
    retryable: true,
  }),
  NODE_PAYLOAD_TOO_LARGE: fault<{ what: string; maxBytes: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ what, maxBytes }) => `PAYLOAD_TOO_LARGE: ${what} is larger than ${maxBytes} bytes`,
    remedy: "Ask for less: a smaller picture, a shorter recording.",
  }),
  NODE_PAYLOAD_INVALID: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "payloadJSON is not JSON",
    remedy: "Send the payload as valid JSON text.",
  }),
  NODE_KEY_REUSED: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "the idempotency key was used for another command",
    remedy: "Use a new idempotencyKey for every command.",
  }),
  NODE_INVOKE_FOREIGN: fault<void>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: () => "nodeId mismatch",
    remedy: "A node answers only for itself.",
  }),
  NODE_METHOD_OLD: fault<{ method: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ method }) => `unknown method: ${method}`,
    remedy: "Nodes ask for approval by connecting.",
  }),
  NODE_QUEUE_FULL: fault<{ limit: number }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ limit }) => `${limit} actions wait for this node already.`,
    remedy: "Wait until the device has fetched them.",
    retryable: true,
  }),
  NODE_NAME_UNKNOWN: fault<{ name: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `No node is called ${name}.`,
    remedy: LOOK,
  }),
  NODE_NAME_AMBIGUOUS: fault<{ name: string; ids: readonly string[] }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ name, ids }) => `${name} stands for several nodes: ${ids.join(", ")}.`,
    remedy: "Give the whole id.",
  }),
  NODE_NOT_NAMED: fault<{ count: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ count }) => (count === 0 ? "No node is connected." : `${count} nodes are connected.`),
    remedy: "Name one with --node <id|name|ip>.",
  }),
  NODE_RUN_REFUSED: fault<{ command: string }>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: ({ command }) => `${command} cannot be invoked directly.`,
    remedy: "Run commands on a node through the assistant, with the host `node`, so that approvals apply.",
  }),
  NODE_DURATION_INVALID: fault<{ text: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ text }) => `${text} is not a duration.`,
    remedy: "Write it like 10s, 5m, 24h, or as milliseconds.",
  }),
  NODE_PARAMS_INVALID: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "--params is not valid JSON.",
    remedy: "Write it like: --params '{\"maxWidth\": 800}'",
  }),
});
