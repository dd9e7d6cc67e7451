/** Commands of no feature in particular: they run the gateway or ask it. */
import { defineCli, type CliOption } from "../contracts/cli.ts";

const RPC: readonly CliOption[] = [
  { flags: "--url <ws>", summary: "Another gateway; needs --token or --password" },
  { flags: "--token <token>", summary: "Token of the gateway" },
  { flags: "--password <password>", summary: "Password of the gateway" },
];

function timeout(ms: number): CliOption {
  return { flags: "--timeout <ms>", summary: `How long an answer may take, ms (default ${ms})` };
}

const RUN: readonly CliOption[] = [
  { flags: "--port <port>", summary: "Port for WebSocket and HTTP" },
  {
    flags: "--bind <where>",
    summary: "Where the port is open",
    choices: ["loopback", "lan", "tailnet", "auto", "custom"],
  },
  {
    flags: "--auth <mode>",
    summary: "How clients prove themselves",
    choices: ["token", "password", "none", "trusted-proxy"],
  },
  { flags: "--token <token>", summary: "Token for clients" },
  { flags: "--password <password>", summary: "Password for clients" },
  { flags: "--password-file <file>", summary: "File that holds the password" },
  { flags: "--tailscale <mode>", summary: "Serve over Tailscale", choices: ["off", "serve", "funnel"] },
  { flags: "--tailscale-reset-on-exit", summary: "Take the Tailscale setting back at the end" },
  { flags: "--allow-unconfigured", summary: "Start although gateway.mode is not local" },
  { flags: "--dev", summary: "Use a state directory and port of its own, made when missing" },
  { flags: "--reset", summary: "With --dev: begin with an empty state directory" },
  { flags: "--force", summary: "End whatever listens on the port first" },
  { flags: "--verbose", summary: "Print debug messages" },
  { flags: "--claude-cli-logs", summary: "Print what command-line model backends say" },
  { flags: "--cli-backend-logs", summary: "The same as --claude-cli-logs" },
  { flags: "--ws-log <form>", summary: "How WebSocket traffic is logged", choices: ["auto", "full", "compact"] },
  { flags: "--compact", summary: "The same as --ws-log compact" },
  { flags: "--raw-stream", summary: "Record what models send" },
  { flags: "--raw-stream-path <file>", summary: "Where to record it" },
];

const LOG: readonly CliOption[] = [
  { flags: "--follow", summary: "Go on printing what is added" },
  { flags: "--limit <lines>", summary: "Lines to begin with (default 200)" },
  { flags: "--max-bytes <bytes>", summary: "Bytes to begin with at most (default 250000)" },
  { flags: "--interval <ms>", summary: "Pause between looks with --follow (default 1000)" },
  { flags: "--plain", summary: "Print lines as in a pipe" },
  { flags: "--local-time", summary: "Times of this machine instead of UTC" },
];

const gatewayRun = {
  gateway: "none",
  diagnostic: true,
  options: RUN,
  load: () => import("./_cli-gateway.ts"),
} as const;

export const cli = [
  defineCli({ ...gatewayRun, name: "gateway", summary: "Run the gateway in the foreground" }),
  defineCli({
    ...gatewayRun,
    name: "gateway run",
    summary: "Run the gateway in the foreground",
    examples: ["openclaw gateway run --port 19000"],
  }),
  defineCli({
    name: "gateway call",
    summary: "Call any method of the gateway and print its result",
    args: [{ name: "method", summary: "Name of the method: status, sessions.list", required: true }],
    options: [
      { flags: "--params <json>", summary: "Params as JSON5", default: "{}" },
      ...RPC,
      timeout(10_000),
      { flags: "--expect-final", summary: "Wait for the last answer of a method that answers twice" },
    ],
    gateway: "needs",
    json: true,
    diagnostic: true,
    examples: ["openclaw gateway call health", `openclaw gateway call sessions.list --params '{ limit: 5 }'`],
    load: () => import("./_cli-call.ts"),
  }),
  defineCli({
    name: "gateway health",
    summary: "Ask the gateway how it is",
    options: [...RPC, timeout(10_000)],
    gateway: "needs",
    json: true,
    diagnostic: true,
    load: () => import("./_cli-health.ts"),
  }),
  defineCli({
    name: "gateway probe",
    summary: "See which gateways answer",
    options: [...RPC, timeout(10_000)],
    gateway: "tries",
    json: true,
    diagnostic: true,
    load: () => import("./_cli-probe.ts"),
  }),
  defineCli({
    name: "start",
    summary: "Set up what is missing and run the gateway",
    options: [
      { flags: "--port <port>", summary: "Port for WebSocket and HTTP" },
      { flags: "--from-checkout", summary: "Speak of npm instead of the installed command" },
    ],
    gateway: "none",
    hidden: true,
    diagnostic: true,
    load: () => import("./_cli-start.ts"),
  }),
  defineCli({
    name: "status",
    summary: "How things stand: gateway, model, agents, channels, sessions",
    options: [
      { flags: "--all", summary: "Everything, safe to paste" },
      { flags: "--deep", summary: "With a live look at channels" },
      { flags: "--usage", summary: "With what providers say about limits" },
      { flags: "--debug", summary: "The same as --verbose" },
      ...RPC,
      timeout(10_000),
    ],
    gateway: "tries",
    json: true,
    diagnostic: true,
    load: () => import("./_cli-status.ts"),
  }),
  defineCli({
    name: "health",
    summary: "Ask the gateway how it is; fails when it does not answer",
    options: [{ flags: "--debug", summary: "The same as --verbose" }, ...RPC, timeout(10_000)],
    gateway: "needs",
    json: true,
    diagnostic: true,
    load: () => import("./_cli-health.ts"),
  }),
  defineCli({
    name: "agent",
    summary: "Send a message to an agent and print its answer",
    options: [
      { flags: "-m, --message <text>", summary: "What to say", required: true },
      { flags: "--agent <id>", summary: "Agent; the default one when absent" },
      { flags: "--session-key <key>", summary: "Conversation: main, agent:main:work" },
      { flags: "--session-id <id>", summary: "Conversation by its id" },
      { flags: "-t, --to <address>", summary: "Conversation of a person or group on a channel" },
      { flags: "--channel <id>", summary: "Channel of the address" },
      {
        flags: "--thinking <level>",
        summary: "How much to think",
        choices: ["off", "minimal", "low", "medium", "high", "xhigh"],
      },
      { flags: "--deliver", summary: "Say the answer on the channel as well" },
      { flags: "--reply-channel <id>", summary: "Channel for the answer" },
      { flags: "--reply-to <address>", summary: "Address for the answer" },
      { flags: "--reply-account <id>", summary: "Account for the answer" },
      { flags: "--timeout <seconds>", summary: "How long the run may take (default 600)" },
      ...RPC,
    ],
    gateway: "needs",
    json: true,
    examples: [
      'openclaw agent --message "What is on my list today?"',
      'openclaw agent -m "And tomorrow?" --session-key work --json',
    ],
    load: () => import("./_cli-agent.ts"),
  }),
  defineCli({
    name: "sessions",
    summary: "List conversations",
    options: [
      { flags: "--active <minutes>", summary: "Only those used in the last minutes" },
      { flags: "--agent <id>", summary: "Only those of one agent" },
      { flags: "--all-agents", summary: "Those of every agent" },
      { flags: "--store <path>", summary: "Read this sessions.json" },
      ...RPC,
      timeout(10_000),
    ],
    gateway: "tries",
    json: true,
    load: () => import("./_cli-sessions.ts"),
  }),
  defineCli({
    name: "logs",
    summary: "Print the log of the gateway",
    options: [...LOG, ...RPC, timeout(30_000)],
    gateway: "tries",
    json: true,
    diagnostic: true,
    examples: ["openclaw logs --follow", "openclaw logs --limit 50 --json"],
    load: () => import("./_cli-logs.ts"),
  }),
  defineCli({
    name: "dashboard",
    summary: "Open the Control UI in a browser",
    options: [{ flags: "--no-open", summary: "Only print the link" }],
    gateway: "none",
    load: () => import("./_cli-dashboard.ts"),
  }),
];
