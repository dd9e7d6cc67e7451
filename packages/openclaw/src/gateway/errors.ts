/** What can keep the gateway from starting, and what its own methods refuse. */
import { defineErrors, fault } from "../base/errors.ts";

const FIX_AUTH =
  "Set gateway.auth.token (or OPENCLAW_GATEWAY_TOKEN), or gateway.auth.password, or bind to loopback with gateway.bind=loopback.";

export const errors = defineErrors({
  GATEWAY_PORT_IN_USE: fault<{ port: number; owner?: number }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ port, owner }) =>
      `GatewayLockError: another gateway instance is already listening on ws://127.0.0.1:${port}${owner === undefined ? "" : ` (pid ${owner})`}`,
    remedy: ({ port, owner }) =>
      owner === undefined
        ? `Stop whatever uses port ${port}, or choose another port with --port.`
        : `Stop it where it runs (Ctrl-C there, or: kill ${owner}), or give a second one a configuration of its own: openclaw --profile <name> setup.`,
    retryable: true,
  }),
  GATEWAY_BIND_FAILED: fault<{ host: string; port: number; reason: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ host, port, reason }) => `failed to bind gateway socket on ws://${host}:${port}: ${reason}`,
    remedy: "Check gateway.bind, gateway.customBindHost and gateway.port.",
  }),
  GATEWAY_WITHOUT_AUTH: fault<{ host: string; port: number }>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ host, port }) => `refusing to bind gateway to ${host}:${port} without auth`,
    remedy: FIX_AUTH,
  }),
  GATEWAY_AUTH_AMBIGUOUS: fault<void>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: () => "gateway.auth.token and gateway.auth.password are both configured, and gateway.auth.mode is not",
    remedy: "Set gateway.auth.mode to token or to password.",
  }),
  GATEWAY_SECRET_MISSING: fault<{ mode: string; key: string }>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ mode, key }) => `gateway.auth.mode is ${mode}, but ${key} has no usable value`,
    remedy: ({ key }) => `Set ${key}, or the environment variable that it refers to.`,
  }),
  GATEWAY_PROXY_AUTH: fault<{ reason: string }>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `gateway.auth.mode trusted-proxy cannot work: ${reason}`,
    remedy: "Complete gateway.auth.trustedProxy and gateway.trustedProxies, or choose another gateway.auth.mode.",
  }),
  GATEWAY_TAILSCALE: fault<{ reason: string }>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `gateway.tailscale cannot work: ${reason}`,
    remedy: "Set gateway.bind=loopback, and for funnel gateway.auth.mode=password; or set gateway.tailscale.mode=off.",
  }),
  GATEWAY_NO_TAILNET: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "gateway.bind is tailnet, but this machine has no tailnet address (100.64.0.0/10)",
    remedy: "Connect Tailscale (tailscale up), or set gateway.bind to loopback or lan.",
  }),
  GATEWAY_TLS: fault<{ reason: string }>({
    status: 500,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `gateway.tls.enabled is set, but the gateway cannot serve TLS: ${reason}`,
    remedy:
      "Set gateway.tls.certPath and gateway.tls.keyPath to files in PEM, or gateway.tls.autoGenerate to true to have a certificate made.",
  }),
  TAILSCALE_FAILED: fault<{ command: string; reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ command, reason }) => `tailscale ${command} failed: ${reason}`,
    remedy: "Check that Tailscale is installed and connected on this machine: tailscale status",
    retryable: true,
  }),
  GATEWAY_STATE_UNWRITABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `the gateway cannot write ${path}: ${reason}`,
    remedy: "Make the state directory writable for this user, or choose another with OPENCLAW_STATE_DIR.",
  }),
  PAIRING_REQUEST_UNKNOWN: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "unknown requestId",
    remedy: "List the open requests with: openclaw devices list",
  }),
  DEVICE_AND_ROLE_NEEDED: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "--device and --role are needed",
    remedy: "List devices and their roles with: openclaw devices list",
  }),
  DEVICE_UNKNOWN: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "unknown deviceId",
    remedy: "List the devices with: openclaw devices list",
  }),
  SETUP_NOT_REACHABLE: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () =>
      "Gateway is only bound to loopback. Set gateway.bind=lan, enable tailscale serve, or configure plugins.entries.device-pair.config.publicUrl.",
    remedy: "Or name the address that the phone can reach: openclaw qr --public-url wss://<host>",
  }),
  SETUP_URL_INVALID: fault<{ url: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ url }) => `"${url}" is no address of a gateway`,
    remedy: "Use wss://host, or ws://host:port within a private network.",
  }),
  PAIRING_APPROVAL_DENIED: fault<{ scope: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ scope }) => `missing scope: ${scope}`,
    remedy: "Approve from a client that holds every scope that the device asks for.",
  }),
  PAIRING_REMOVAL_DENIED: fault<void>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: () => "device pairing removal denied",
    remedy: "Check the device id, or use a client with operator.admin.",
  }),
  TOKEN_ROTATION_DENIED: fault<void>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: () => "device token rotation denied",
    remedy: "Check device, role and scopes, or use a client with operator.admin.",
  }),
  TOKEN_REVOCATION_DENIED: fault<void>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: () => "device token revocation denied",
    remedy: "Check device and role, or use a client with operator.admin.",
  }),
  SUBSCRIPTION_KEY_INVALID: fault<{ key: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `invalid session key "${key}"`,
    remedy: "Use a key as sessions.list shows them.",
  }),
  ROUTE_RESERVED: fault<{ path: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `the path ${path} belongs to the gateway`,
    remedy: "Choose another webhook path.",
  }),
  ROUTE_TAKEN: fault<{ path: string; owner: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path, owner }) => `the path ${path} is already used by ${owner}`,
    remedy: "Choose another webhook path for one of them.",
  }),
  HTTP_INTERNAL: fault<void>({
    status: 500,
    rpc: "INTERNAL",
    say: () => "internal error",
    remedy: "Look at the log with: openclaw logs",
  }),
  PATH_MALFORMED: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "Malformed path",
    remedy: "Percent-encode the path as UTF-8.",
  }),
  BODY_ENCODED: fault<{ encoding: string }>({
    status: 415,
    rpc: "INVALID_REQUEST",
    say: ({ encoding }) => `Unsupported content encoding: ${encoding.slice(0, 40)}`,
    remedy: "Send the body as it is, without Content-Encoding.",
  }),
  BODY_TOO_LARGE: fault<void>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: () => "Payload too large",
    remedy: "Send less.",
  }),
  BODY_NOT_JSON: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "The request body is not valid JSON",
    remedy: "Send one JSON object in UTF-8.",
  }),
  BODY_NOT_OBJECT: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "The request body must be a JSON object",
    remedy: "Send one JSON object in UTF-8.",
  }),
  BODY_TOO_SLOW: fault<void>({
    status: 408,
    rpc: "INVALID_REQUEST",
    say: () => "Request body did not arrive in time",
    remedy: "Send the body at once.",
    retryable: true,
  }),
});
