import { GATEWAY_FLAGS, defineCli } from "../../contracts/cli.ts";

export const cli = [
  defineCli({
    name: "sessions search",
    summary: "Find what was said, in all conversations",
    args: [{ name: "words...", summary: "What a message holds, all of it", required: true }],
    options: [
      { flags: "--agent <id>", summary: "Of this agent; default every agent" },
      { flags: "--key <key>", summary: "Only this session" },
      { flags: "--limit <n>", summary: "Messages, 1 to 100; default 20" },
      { flags: "--tools", summary: "Also what tools gave back" },
      { flags: "--no-archived", summary: "Only what conversations hold now" },
      ...GATEWAY_FLAGS,
    ],
    gateway: "needs",
    json: true,
    examples: ["openclaw sessions search invoice march", "openclaw sessions search --agent work deploy"],
    load: () => import("./_search/cli-search.ts"),
  }),
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
