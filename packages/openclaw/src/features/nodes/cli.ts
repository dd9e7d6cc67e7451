import { GATEWAY_FLAGS, defineCli } from "../../contracts/cli.ts";

const nodes = { gateway: "needs", json: true } as const;
const requestId = { name: "requestId", summary: "Id of the request, as nodes pending shows it", required: true };
const node = { flags: "--node <id|name|ip>", summary: "The node; may be left out when one is connected" };
const shown = [
  { flags: "--connected", summary: "Only nodes that are connected" },
  { flags: "--last-connected <duration>", summary: "Only nodes that were connected within it, such as 24h" },
  ...GATEWAY_FLAGS,
];

export const cli = [
  defineCli({
    ...nodes,
    name: "nodes status",
    summary: "Show nodes and what they may do",
    options: shown,
    examples: ["openclaw nodes status", "openclaw nodes status --connected --json"],
    load: async () => ({ run: (await import("./_cli-list.ts")).status }),
  }),
  defineCli({
    ...nodes,
    name: "nodes list",
    summary: "Show nodes that wait for approval and those that have it",
    options: shown,
    load: async () => ({ run: (await import("./_cli-list.ts")).list }),
  }),
  defineCli({
    ...nodes,
    name: "nodes pending",
    summary: "Show nodes that wait for approval, with the commands they offer",
    options: GATEWAY_FLAGS,
    load: async () => ({ run: (await import("./_cli-list.ts")).pending }),
  }),
  defineCli({
    ...nodes,
    name: "nodes describe",
    summary: "Show one node: caps, commands, permissions, and what is blocked and why",
    options: [node, ...GATEWAY_FLAGS],
    load: async () => ({ run: (await import("./_cli-list.ts")).describe }),
  }),
  defineCli({
    ...nodes,
    name: "nodes approve",
    summary: "Let a node offer the commands that it asks for",
    args: [requestId],
    options: GATEWAY_FLAGS,
    load: async () => ({ run: (await import("./_cli-pairing.ts")).approve }),
  }),
  defineCli({
    ...nodes,
    name: "nodes reject",
    summary: "Turn down the commands that a node asks for",
    args: [requestId],
    options: GATEWAY_FLAGS,
    load: async () => ({ run: (await import("./_cli-pairing.ts")).reject }),
  }),
  defineCli({
    ...nodes,
    name: "nodes rename",
    summary: "Give a node another name",
    options: [node, { flags: "--name <name>", summary: "The new name", required: true }, ...GATEWAY_FLAGS],
    load: async () => ({ run: (await import("./_cli-pairing.ts")).rename }),
  }),
  defineCli({
    ...nodes,
    name: "nodes remove",
    summary: "Take the approval of a node back",
    options: [node, ...GATEWAY_FLAGS],
    load: async () => ({ run: (await import("./_cli-pairing.ts")).remove }),
  }),
  defineCli({
    ...nodes,
    name: "nodes invoke",
    summary: "Run one command of a node",
    options: [
      node,
      { flags: "--command <name>", summary: "Such as canvas.snapshot", required: true },
      { flags: "--params <json>", summary: "Its params", default: "{}" },
      { flags: "--invoke-timeout <ms>", summary: "How long the node has", default: 15_000 },
      { flags: "--idempotency-key <key>", summary: "The same key again gives the same answer and runs nothing" },
      ...GATEWAY_FLAGS,
    ],
    examples: ["openclaw nodes invoke --node phone --command device.info"],
    load: async () => ({ run: (await import("./_cli-invoke.ts")).invoke }),
  }),
  defineCli({
    ...nodes,
    name: "nodes notify",
    summary: "Show a notification on a node",
    options: [
      node,
      { flags: "--title <text>", summary: "Title" },
      { flags: "--body <text>", summary: "Text" },
      { flags: "--sound <name>", summary: "Sound" },
      { flags: "--priority <priority>", summary: "How urgent", choices: ["passive", "active", "timeSensitive"] },
      { flags: "--delivery <way>", summary: "Where it is shown", choices: ["system", "overlay", "auto"] },
      ...GATEWAY_FLAGS,
    ],
    load: async () => ({ run: (await import("./_cli-invoke.ts")).notify }),
  }),
];
