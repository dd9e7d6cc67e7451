import { GATEWAY_FLAGS, defineCli } from "../../contracts/cli.ts";

export const cli = [
  defineCli({
    name: "sessions cleanup",
    summary: "Remove old sessions and transcripts, or tell what would go",
    options: [
      { flags: "--dry-run", summary: "Only tell" },
      { flags: "--enforce", summary: "Remove although session.maintenance.mode is warn" },
      { flags: "--fix-missing", summary: "Also sessions whose transcript is not there" },
      { flags: "--active-key <key>", summary: "A session that stays" },
      { flags: "--agent <id>", summary: "Of this agent; default the default agent" },
      { flags: "--all-agents", summary: "Of every agent" },
      ...GATEWAY_FLAGS,
    ],
    gateway: "needs",
    json: true,
    examples: ["openclaw sessions cleanup --dry-run", "openclaw sessions cleanup --enforce --all-agents"],
    load: () => import("./_maintenance/cli-cleanup.ts"),
  }),
];
