import { defineErrors, fault } from "../base/errors.ts";

const HELP = "See what there is with: openclaw --help";

export const errors = defineErrors({
  CLI_UNKNOWN_COMMAND: fault<{ words: string; near?: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ words }) => `Unknown command: openclaw ${words}`,
    remedy: ({ near }) => (near === undefined ? HELP : `Did you mean: openclaw ${near}`),
  }),
  CLI_UNKNOWN_FLAG: fault<{ flag: string; near?: string; help: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ flag }) => `Unknown flag: ${flag}`,
    remedy: ({ near, help }) => (near === undefined ? `See what there is with: ${help}` : `Did you mean: ${near}`),
  }),
  CLI_USAGE: fault<{ problem: string; help: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ problem }) => problem,
    remedy: ({ help }) => `See how it is used with: ${help}`,
  }),
  CLI_NO_COMMAND: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "No command was given.",
    remedy: "See what there is with: openclaw --help, or begin with: openclaw setup",
  }),
  CLI_URL_NEEDS_CREDENTIAL: fault<{ source: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ source }) => `The address comes from ${source}, so the credentials of this machine are not used for it.`,
    remedy: "Give --token or --password as well.",
  }),
  CLI_URL_INVALID: fault<{ url: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ url }) => `${JSON.stringify(url)} is not the address of a gateway.`,
    remedy: "Write it as ws://host:port or wss://host.",
  }),
  CLI_URL_INSECURE: fault<{ url: string }>({
    status: 400,
    rpc: "FORBIDDEN",
    say: ({ url }) => `${url} would send the credential unencrypted over the network.`,
    remedy:
      "Use wss://, an SSH tunnel to loopback, or set OPENCLAW_ALLOW_INSECURE_PRIVATE_WS=1 on a network you trust.",
  }),
  CLI_REMOTE_URL_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => 'gateway.mode is "remote", but gateway.remote.url is not set.',
    remedy: "Set it with: openclaw config set gateway.remote.url ws://host:port",
  }),
  CLI_TOKEN_ELSEWHERE: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "gateway.auth.token is a reference to a secret that is kept elsewhere.",
    remedy:
      "Change the secret where it is kept, or remove the reference with: openclaw config unset gateway.auth.token",
  }),
  CLI_SSH_TUNNEL: fault<{ to: string; reason: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ to, reason }) => `The SSH tunnel to ${to} failed: ${reason}.`,
    remedy: "Try it by hand with: ssh user@host true. Keys must work without a question.",
    retryable: true,
  }),
  CLI_GATEWAY_SILENT: fault<{ url: string; seconds: number }>({
    status: 504,
    rpc: "UNAVAILABLE",
    say: ({ url, seconds }) => `The gateway at ${url} did not complete the login within ${seconds} s.`,
    remedy: "Check that the address is that of an OpenClaw gateway, then look at: openclaw logs",
    retryable: true,
  }),
  GATEWAY_START_BLOCKED: fault<{ mode: string; hasConfig: boolean }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ mode }) => `Gateway start blocked: set gateway.mode=local (current: ${mode}) or pass --allow-unconfigured.`,
    remedy: ({ hasConfig }) => (hasConfig ? "Run: openclaw config set gateway.mode local" : "Run: openclaw setup"),
  }),
  CLI_PORT_TOOL_MISSING: fault<{ tool: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ tool }) => `--force needs ${tool}, which is not installed.`,
    remedy: "Install it, or end the other process yourself.",
  }),
  CLI_NO_SESSION: fault<{ id: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `There is no session with the id ${id}.`,
    remedy: "List them with: openclaw sessions",
  }),
  CLI_LOG_FILE_MISSING: fault<{ path: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `There is no log at ${path}, and no gateway answers.`,
    remedy: "Start the gateway with: openclaw gateway run",
  }),
});
