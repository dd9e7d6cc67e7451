import { defineCli } from "../../contracts/cli.ts";

const list = {
  summary: "Show the agents, their models and where they work",
  options: [{ flags: "--bindings", summary: "Show also which rules lead to them" }],
  gateway: "none",
  json: true,
  load: () => import("./_cli/list.ts"),
} as const;

const agent = { flags: "--agent <id>", summary: "Agent; the default one when left out" };
const bind = {
  flags: "--bind <channel[:account]>",
  summary: "Where it answers; may be given several times",
  repeat: true,
};

export const cli = [
  defineCli({ ...list, name: "agents" }),
  defineCli({ ...list, name: "agents list", examples: ["openclaw agents list", "openclaw agents list --json"] }),
  defineCli({
    name: "agents add",
    summary: "Add an agent with a workspace of its own",
    args: [{ name: "name", summary: "Its name; the id is made of it", required: false }],
    options: [
      { flags: "--workspace <dir>", summary: "Folder that it works in" },
      { flags: "--model <ref>", summary: "Model that it uses" },
      { flags: "--agent-dir <dir>", summary: "Folder of its logins" },
      bind,
      { flags: "--non-interactive", summary: "Ask nothing" },
    ],
    gateway: "none",
    json: true,
    examples: ["openclaw agents add work --workspace ~/work --bind telegram:work"],
    load: () => import("./_cli/add.ts"),
  }),
  defineCli({
    name: "agents delete",
    summary: "Remove an agent; its workspace, logins and sessions go into the trash",
    args: [{ name: "id", summary: "Its id", required: true }],
    options: [{ flags: "--force", summary: "Do not ask" }],
    gateway: "tries",
    json: true,
    load: () => import("./_cli/delete.ts"),
  }),
  defineCli({
    name: "agents set-identity",
    summary: "Say who an agent is: name, character, emoji, picture",
    options: [
      { flags: "--agent <id>", summary: "Agent" },
      { flags: "--workspace <dir>", summary: "The agent that works there" },
      { flags: "--identity-file <path>", summary: "Take it from this file" },
      { flags: "--from-identity", summary: "Take it from IDENTITY.md in the workspace" },
      { flags: "--name <name>", summary: "Name" },
      { flags: "--theme <theme>", summary: "Character in a few words" },
      { flags: "--emoji <emoji>", summary: "Emoji" },
      { flags: "--avatar <avatar>", summary: "Picture: a file of the workspace or an address" },
    ],
    gateway: "none",
    json: true,
    examples: ["openclaw agents set-identity --agent main --name Robin --emoji 🐦"],
    load: () => import("./_cli/set-identity.ts"),
  }),
  defineCli({
    name: "agents bindings",
    summary: "Show which rules lead to which agent",
    options: [{ flags: "--agent <id>", summary: "Only those of this agent" }],
    gateway: "none",
    json: true,
    load: () => import("./_cli/bindings.ts"),
  }),
  defineCli({
    name: "agents bind",
    summary: "Let an agent answer on a channel",
    options: [agent, bind],
    gateway: "none",
    json: true,
    examples: ["openclaw agents bind --agent work --bind telegram:work"],
    load: () => import("./_cli/bind.ts"),
  }),
  defineCli({
    name: "agents unbind",
    summary: "Take rules of an agent away",
    options: [agent, bind, { flags: "--all", summary: "All of them" }],
    gateway: "none",
    json: true,
    load: () => import("./_cli/unbind.ts"),
  }),
];
