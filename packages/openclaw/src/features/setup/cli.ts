import { defineCli } from "../../contracts/cli.ts";

export const cli = [
  defineCli({
    name: "setup",
    summary: "Make the state directory, the configuration and the workspace",
    options: [
      { flags: "--workspace <dir>", summary: "Folder that the agent works in" },
      { flags: "--mode <mode>", summary: "Where the gateway runs", choices: ["local", "remote"] },
      { flags: "--remote-url <url>", summary: "With --mode remote: address of that gateway" },
      { flags: "--remote-token <token>", summary: "With --mode remote: its token" },
      { flags: "--non-interactive", summary: "Ask nothing" },
    ],
    gateway: "none",
    examples: ["openclaw setup", "openclaw setup --workspace ~/assistant"],
    load: () => import("./_cli-setup.ts"),
  }),
];
