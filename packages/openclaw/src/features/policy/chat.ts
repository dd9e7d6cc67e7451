/** Commands about what the assistant may do: tools, running commands, leaving the sandbox. */
import { defineChat } from "../../contracts/chat.ts";

const exec = () => import("./_chat-exec.ts");
const elevated = () => import("./_chat-elevated.ts");

export const chat = [
  defineChat({
    name: "tools",
    summary: "Tools that the assistant has here",
    category: "tools",
    args: [{ name: "view", description: "Names, or what each does", choices: ["compact", "verbose"] }],
    run: async (call) => (await import("./_chat-tools.ts")).tools(call),
  }),
  defineChat({
    name: "exec",
    summary: "How commands are run in this session; only stricter than configured",
    category: "options",
    args: [{ name: "settings", description: "host= security= ask= node=, or `reset`", captureRemaining: true }],
    directive: {
      takes: /^(?:(?:host|security|ask|node)=\S+(?:\s+|$))+/i,
      forTurn: async (call) => (await exec()).execForTurn(call),
    },
    run: async (call) => (await exec()).keepExec(call),
  }),
  defineChat({
    name: "elevated",
    aliases: ["elev"],
    summary: "Run commands on the host instead of the sandbox",
    category: "options",
    args: [{ name: "level", description: "How far", choices: ["off", "on", "ask", "full"] }],
    directive: {
      takes: ["off", "on", "ask", "full"],
      forTurn: async (call) => (await elevated()).elevatedForTurn(call),
    },
    run: async (call) => (await elevated()).keepElevated(call),
  }),
];
