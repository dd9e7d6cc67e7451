/** Sub-agents from a chat. The bodies are loaded when used. */
import { defineChat } from "../../contracts/chat.ts";

const commands = () => import("./_chat.ts");

export const chat = [
  defineChat({
    name: "subagents",
    summary: "Sub-agents of this conversation: list, stop, read, tell, start",
    category: "management",
    level: "member",
    args: [
      {
        name: "action",
        description: "What to do",
        choices: ["list", "info", "log", "send", "steer", "kill", "stop", "spawn"],
      },
      { name: "target", description: "Number in the list, id, label, or all; for spawn the agent" },
      { name: "text", description: "What to tell it; for spawn the task", captureRemaining: true },
    ],
    slow: true,
    run: async (call) => (await commands()).subagents(call),
  }),
  defineChat({
    name: "kill",
    summary: "Stop a sub-agent, or all",
    category: "management",
    level: "member",
    args: [{ name: "target", description: "Number in the list, id, label, or all", required: true }],
    run: async (call) => (await commands()).kill(call, call.rest),
  }),
  defineChat({
    name: "steer",
    aliases: ["tell"],
    summary: "Tell a sub-agent something while it works",
    category: "management",
    level: "member",
    args: [
      { name: "target", description: "Number in the list, id or label", required: true },
      { name: "message", description: "What to tell it", required: true, captureRemaining: true },
    ],
    run: async (call) => (await commands()).steer(call, call.rest),
  }),
];
