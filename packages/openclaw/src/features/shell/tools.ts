/** Tools that run commands. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import { Config } from "../config/index.ts";
import { Processes } from "./index.ts";

export const execParams = closed({
  command: Type.String({ minLength: 1, maxLength: 100_000, description: "Shell command line" }),
  workdir: Type.Optional(Type.String({ description: "Folder to run in; default: the workspace" })),
  env: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "Further variables" })),
  yieldMs: Type.Optional(
    Type.Number({ minimum: 0, description: "Goes on in the background after this (default 10000)" }),
  ),
  background: Type.Optional(Type.Boolean({ description: "In the background at once, with input open" })),
  timeout: Type.Optional(
    Type.Number({ minimum: 0, description: "Ended after these seconds (default 1800); 0 = never" }),
  ),
  pty: Type.Optional(
    Type.Boolean({ description: "On a terminal of its own, for programs that need one; input stays open" }),
  ),
  host: Type.Optional(choice(["auto", "sandbox", "gateway", "node"], { description: "Leave out" })),
  security: Type.Optional(choice(["deny", "allowlist", "full"])),
  ask: Type.Optional(choice(["off", "on-miss", "always"])),
  node: Type.Optional(Type.String()),
  elevated: Type.Optional(Type.Boolean()),
});

const ACTIONS = ["list", "poll", "log", "write", "submit", "send-keys", "paste", "kill", "clear", "remove"] as const;

export const processParams = closed({
  action: choice(ACTIONS),
  sessionId: Type.Optional(Type.String({ description: "Of the command; not for list" })),
  data: Type.Optional(Type.String({ description: "write, submit: text for its input" })),
  eof: Type.Optional(Type.Boolean({ description: "write: end the input afterwards" })),
  keys: Type.Optional(
    Type.Array(Type.String(), { maxItems: 100, description: "send-keys: Enter, Tab, C-c, Up, F1, hex:1b or text" }),
  ),
  text: Type.Optional(Type.String({ description: "paste: text" })),
  offset: Type.Optional(Type.Integer({ minimum: 1, description: "log: first line" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, description: "log: number of lines" })),
  timeout: Type.Optional(Type.Number({ minimum: 0, maximum: 120_000, description: "poll: wait so many ms for news" })),
});

export const tools = [
  defineTool({
    name: "exec",
    aliases: ["bash"],
    group: "runtime",
    label: "Run a command",
    summary: "Run shell commands",
    description:
      "Runs a shell command line and returns its output (stdout and stderr together; the end of a long one) and exit code. A command that takes longer goes on in the background and is given a sessionId for the tool process. Input is closed unless background or pty is set.",
    effect: "exec",
    params: execParams,
    uses: [Config, Processes],
    load: async () => (await import("./_exec.ts")).exec,
  }),
  defineTool({
    name: "process",
    group: "runtime",
    label: "Look after commands",
    summary: "Look after background commands",
    description:
      "Looks after commands that exec left running: list, poll (new output, exit code), log (lines of what was printed), write, submit (text and Enter), send-keys, paste, kill, clear (forget a finished one), remove (end and forget).",
    effect: "exec",
    params: processParams,
    uses: [Processes],
    load: async () => (await import("./_process.ts")).processTool,
  }),
];
