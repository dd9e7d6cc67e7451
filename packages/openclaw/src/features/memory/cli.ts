import { GATEWAY_FLAGS, defineCli } from "../../contracts/cli.ts";

const agent = { flags: "--agent <id>", summary: "Agent; default is every one" };
const status = {
  summary: "Show the memory index: files, pieces, who computes embeddings, what is out of date",
  options: [
    agent,
    { flags: "--deep", summary: "Ask the provider for an embedding" },
    { flags: "--index", summary: "Bring the index up to date first" },
    { flags: "--fix", summary: "Read every file again first" },
    ...GATEWAY_FLAGS,
  ],
  gateway: "tries",
  json: true,
  load: async () => ({ run: (await import("./_cli-memory.ts")).status }),
} as const;

export const cli = [
  defineCli({ ...status, name: "memory" }),
  defineCli({ ...status, name: "memory status", examples: ["openclaw memory status --deep"] }),
  defineCli({
    name: "memory index",
    summary: "Bring the memory index up to date and compute the embeddings that are missing",
    options: [agent, { flags: "--force", summary: "Read every file again" }],
    gateway: "none",
    json: true,
    examples: ["openclaw memory index", "openclaw memory index --force --agent main"],
    load: async () => ({ run: (await import("./_cli-memory.ts")).index }),
  }),
  defineCli({
    name: "memory search",
    summary: "Search what an agent has written down",
    args: [{ name: "query", summary: "A question or a few words", required: false }],
    options: [
      { flags: "--agent <id>", summary: "Agent; default is the default agent" },
      { flags: "--query <text>", summary: "The same as the argument" },
      { flags: "--max-results <n>", summary: "Most results" },
      { flags: "--min-score <n>", summary: "Least score, 0 to 1" },
      ...GATEWAY_FLAGS,
    ],
    gateway: "tries",
    json: true,
    examples: ['openclaw memory search "when is the dentist"'],
    load: async () => ({ run: (await import("./_cli-memory.ts")).search }),
  }),
];
