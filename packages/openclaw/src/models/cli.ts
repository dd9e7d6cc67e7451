import { defineCli } from "../contracts/cli.ts";

export const cli = [
  defineCli({
    name: "models list",
    summary: "Models that are configured or can be used now",
    gateway: "none",
    json: true,
    options: [
      { flags: "--all", summary: "Every model that is known, usable or not" },
      { flags: "--local", summary: "Only models on this machine" },
      { flags: "--provider <id>", summary: "Only models of one provider" },
      { flags: "--plain", summary: "One reference per line" },
    ],
    examples: ["openclaw models list", "openclaw models list --all --provider anthropic"],
    load: () => import("./_cli-list.ts"),
  }),
];
