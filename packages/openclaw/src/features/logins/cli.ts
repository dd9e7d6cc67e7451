/** Logins at companies, and how models and logins stand. */
import { defineCli } from "../../contracts/cli.ts";

const agent = { flags: "--agent <id>", summary: "Whose logins; the default agent's when left out" };
const provider = { flags: "--provider <id>", summary: "Company or server" };
const profile = { flags: "--profile-id <id>", summary: "Name of the login" };

const status = {
  summary: "Which models are in use and how the logins stand",
  gateway: "none",
  json: true,
  options: [
    agent,
    { flags: "--plain", summary: "Only the default model" },
    {
      flags: "--check",
      summary: "Exit with 1 when a login is missing or has expired, 2 when one expires within a day",
    },
    { flags: "--probe", summary: "Really ask with each login: short questions that may cost a little" },
    { flags: "--probe-provider <id>", summary: "Ask only at this one" },
    { flags: "--probe-profile <id>", summary: "Ask only with these logins; repeated, or with commas", repeat: true },
    { flags: "--probe-timeout <ms>", summary: "For each question", default: "8000" },
    { flags: "--probe-concurrency <n>", summary: "Questions at the same time", default: "2" },
    { flags: "--probe-max-tokens <n>", summary: "Longest answer", default: "8" },
  ],
  load: () => import("./_status.ts"),
} as const;

const order = (name: "get" | "set" | "clear", summary: string) =>
  defineCli({
    name: `models auth order ${name}`,
    summary,
    gateway: "none",
    json: name === "get",
    ...(name === "set" ? { args: [{ name: "ids...", summary: "Logins, the first one first", required: true }] } : {}),
    options: [{ ...provider, required: true }, agent],
    examples: [
      `openclaw models auth order ${name} --provider anthropic${name === "set" ? " anthropic:work anthropic:default" : ""}`,
    ],
    load: async () => ({ run: (await import("./_order.ts"))[name] }),
  });

export const cli = [
  defineCli({ ...status, name: "models" }),
  defineCli({
    ...status,
    name: "models status",
    examples: ["openclaw models status", "openclaw models status --probe"],
  }),
  defineCli({
    name: "models auth add",
    summary: "Connect a company or server: asks which and how",
    gateway: "none",
    options: [agent],
    load: () => import("./_add.ts"),
  }),
  defineCli({
    name: "models auth login",
    summary: "Log in at a company, in a browser or with a code",
    gateway: "none",
    options: [
      { ...provider, required: true },
      { flags: "--method <method>", summary: "browser, device, or key", choices: ["browser", "device", "key"] },
      { flags: "--device-code", summary: "The same as --method device" },
      { flags: "--remote", summary: "The browser is on another machine: paste its address" },
      { flags: "--set-default", summary: "Use this company's usual model from now on" },
      profile,
      agent,
    ],
    examples: ["openclaw models auth login --provider openai-codex --set-default"],
    load: () => import("./_login.ts"),
  }),
  defineCli({
    name: "models auth paste-token",
    summary: "Store a token or a key that you have",
    gateway: "none",
    options: [
      { ...provider, required: true },
      profile,
      { flags: "--expires-in <time>", summary: "How long it holds, such as 365d" },
      agent,
    ],
    examples: ["openclaw models auth paste-token --provider anthropic"],
    load: () => import("./_paste.ts"),
  }),
  defineCli({
    name: "models auth setup-token",
    summary: "Store the token that `claude setup-token` prints",
    gateway: "none",
    options: [{ ...provider, default: "anthropic" }, { flags: "--yes", summary: "Ask nothing before" }, profile, agent],
    load: async () => ({ run: (await import("./_paste.ts")).setupToken }),
  }),
  defineCli({
    name: "models auth login-github-copilot",
    summary: "Log in at GitHub for a Copilot subscription",
    gateway: "none",
    options: [{ flags: "--yes", summary: "Replace the login that is there" }, profile, agent],
    load: async () => ({ run: (await import("./_login.ts")).copilot }),
  }),
  order("get", "In which order the logins of a company are tried"),
  order("set", "Try the logins of a company in this order, and no others"),
  order("clear", "Forget the order that was set"),
];
