import { GATEWAY_FLAGS, defineCli } from "../../contracts/cli.ts";

const list = {
  summary: "What the assistant did lately, run by run",
  options: [
    { flags: "--session <key>", summary: "Only this session" },
    { flags: "--agent <id>", summary: "Only this agent" },
    { flags: "--limit <n>", summary: "At most so many runs, up to 500", default: "20" },
    ...GATEWAY_FLAGS,
  ],
  gateway: "needs",
  json: true,
  load: () => import("./_cli-list.ts"),
} as const;

export const cli = [
  defineCli({ ...list, name: "runs", examples: ["openclaw runs", "openclaw runs --session agent:main:main"] }),
  defineCli({ ...list, name: "runs list" }),
  defineCli({
    name: "runs show",
    summary: "One run from message to delivery: what was asked, decided and done, and how long it took",
    args: [{ name: "id", summary: "Run, or the beginning of its id", required: true }],
    options: [{ flags: "--prompts", summary: "With the prompts that the model was given" }, ...GATEWAY_FLAGS],
    gateway: "needs",
    json: true,
    examples: ["openclaw runs show 1f0c2b9a"],
    load: () => import("./_cli-show.ts"),
  }),
  defineCli({
    name: "sessions export-trajectory",
    summary: "Write a conversation with everything that happened in it into a folder of the workspace",
    options: [
      { flags: "--session-key <key>", summary: "Session; default the main one" },
      { flags: "--agent <id>", summary: "Agent the key belongs to" },
      { flags: "--output <name>", summary: "Name of the folder" },
      ...GATEWAY_FLAGS,
    ],
    gateway: "needs",
    json: true,
    load: () => import("./_cli-trajectory.ts"),
  }),
];
