/** What `onboard` can be told, so that it asks nothing; `setup` takes the same. */
import type { CliOption } from "../../contracts/cli.ts";
import { KEY_FLAGS } from "./_key-flags.ts";

const auth: readonly CliOption[] = [
  { flags: "--auth-choice <id>", summary: "How a model is connected: see docs/models.md; skip for none" },
  { flags: "--token-provider <id>", summary: "With --token: whose token or key it is" },
  { flags: "--token <token>", summary: "With --auth-choice token, setup-token or apiKey: what is stored" },
  { flags: "--token-profile-id <id>", summary: "Name of the login that --token becomes" },
  { flags: "--token-expires-in <time>", summary: "How long --token holds, such as 365d" },
  {
    flags: "--secret-input-mode <mode>",
    summary: "ref: store the name of the variable that holds the key, not the key",
    choices: ["plaintext", "ref"],
  },
  { flags: "--cloudflare-ai-gateway-account-id <id>", summary: "Account of a Cloudflare AI Gateway" },
  { flags: "--cloudflare-ai-gateway-gateway-id <id>", summary: "Name of a Cloudflare AI Gateway" },
];

const custom: readonly CliOption[] = [
  { flags: "--custom-base-url <url>", summary: "Address of a server of your own" },
  { flags: "--custom-model-id <id>", summary: "Model that it serves" },
  { flags: "--custom-api-key <key>", summary: "Its key; CUSTOM_API_KEY when left out, none for a server without" },
  { flags: "--custom-provider-id <id>", summary: "Your name for it; made from the address when left out" },
  { flags: "--custom-compatibility <protocol>", summary: "What it speaks", choices: ["openai", "anthropic"] },
  { flags: "--custom-image-input", summary: "Its model sees pictures" },
  { flags: "--custom-text-input", summary: "Its model takes text only" },
];

const gateway: readonly CliOption[] = [
  { flags: "--gateway-port <port>", summary: "Port of the gateway" },
  {
    flags: "--gateway-bind <bind>",
    summary: "Who can reach it",
    choices: ["loopback", "lan", "tailnet", "auto", "custom"],
  },
  { flags: "--gateway-auth <mode>", summary: "How callers show who they are", choices: ["token", "password"] },
  { flags: "--gateway-token <token>", summary: "Its token, instead of one that is made up" },
  { flags: "--gateway-token-ref-env <name>", summary: "Variable that holds its token" },
  { flags: "--gateway-password <password>", summary: "Its password" },
  { flags: "--tailscale <mode>", summary: "Publish it with Tailscale", choices: ["off", "serve", "funnel"] },
  { flags: "--tailscale-reset-on-exit", summary: "Take that back when the gateway ends" },
];

const keys = KEY_FLAGS.map((flag) => ({
  flags: `${flag} <key>`,
  summary: `Key for --auth-choice ${flag.replace(/^--/, "")} and its kin`,
}));

export const onboardOptions: readonly CliOption[] = [
  { flags: "--workspace <dir>", summary: "Folder that the agent works in" },
  { flags: "--mode <mode>", summary: "Where the gateway runs", choices: ["local", "remote"] },
  { flags: "--remote-url <url>", summary: "With --mode remote: address of that gateway" },
  { flags: "--remote-token <token>", summary: "With --mode remote: its token" },
  { flags: "--non-interactive", summary: "Ask nothing" },
  { flags: "--accept-risk", summary: "Do not ask whether to go on after the notice about security" },
  ...auth,
  ...custom,
  ...gateway,
  ...keys,
];
