import { GATEWAY_FLAGS, defineCli } from "../../contracts/cli.ts";

const where = [
  { flags: "--gateway", summary: "Those of the machine that the gateway runs on, through the gateway" },
  { flags: "--node <id|name|ip>", summary: "Those of a node, through the gateway" },
  ...GATEWAY_FLAGS,
];
const pattern = [{ name: "pattern", summary: "A path with * and **, or the bare name of a program", required: true }];
const agent = {
  flags: "--agent <id>",
  summary: "For this agent; * for all that have no list of their own",
  default: "*",
};

export const cli = [
  defineCli({
    name: "approvals get",
    aliases: ["exec-approvals get"],
    summary: "Show the host's rules for commands: what is configured, what the host says, what holds",
    options: where,
    gateway: "tries",
    json: true,
    examples: ["openclaw approvals get", "openclaw approvals get --gateway --json"],
    load: async () => ({ run: (await import("./_cli-approvals.ts")).get }),
  }),
  defineCli({
    name: "approvals set",
    aliases: ["exec-approvals set"],
    summary: "Replace the host's rules for commands",
    options: [
      { flags: "--file <path>", summary: "File with the new rules (JSON5)" },
      { flags: "--stdin", summary: "Read the new rules from standard input" },
      ...where,
    ],
    gateway: "tries",
    json: true,
    examples: ["openclaw approvals set --file exec-approvals.json"],
    load: async () => ({ run: (await import("./_cli-approvals.ts")).set }),
  }),
  defineCli({
    name: "approvals allowlist add",
    summary: "Let a program run without asking",
    args: pattern,
    options: [agent, ...where],
    gateway: "tries",
    json: true,
    examples: ["openclaw approvals allowlist add /usr/bin/git --agent main"],
    load: async () => ({ run: (await import("./_cli-approvals.ts")).add }),
  }),
  defineCli({
    name: "approvals allowlist remove",
    summary: "Ask again before a program runs",
    args: pattern,
    options: [agent, ...where],
    gateway: "tries",
    json: true,
    load: async () => ({ run: (await import("./_cli-approvals.ts")).remove }),
  }),
];
