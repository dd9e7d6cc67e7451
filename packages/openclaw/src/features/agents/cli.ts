import { defineCli } from "../../contracts/cli.ts";

const list = {
  summary: "Show the agents, their models and where they work",
  gateway: "none",
  json: true,
  load: () => import("./_cli-list.ts"),
} as const;

export const cli = [
  defineCli({ ...list, name: "agents" }),
  defineCli({ ...list, name: "agents list", examples: ["openclaw agents list", "openclaw agents list --json"] }),
];
