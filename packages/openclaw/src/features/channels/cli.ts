import { defineCli } from "../../contracts/cli.ts";

export const cli = [
  defineCli({
    name: "channels status",
    summary: "Show channels, their accounts and whether they are connected",
    options: [
      { flags: "--probe", summary: "Ask each network who we are" },
      { flags: "--channel <id>", summary: "Only this channel" },
    ],
    gateway: "tries",
    json: true,
    examples: ["openclaw channels status", "openclaw channels status --probe --json"],
    load: () => import("./_cli-status.ts"),
  }),
];
