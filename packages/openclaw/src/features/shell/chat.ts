/** `/bash` and `!`: a command on this machine, by whom elevated mode is open to. */
import { defineChat } from "../../contracts/chat.ts";

export const chat = [
  defineChat({
    name: "bash",
    summary: "Run a command on this machine; `!` is short for it",
    category: "management",
    level: "elevated",
    flag: "bash",
    native: false,
    args: [{ name: "command", description: "The command, or `poll`, `stop`", required: true, captureRemaining: true }],
    run: async (call) => (await import("./_chat-bash.ts")).bash(call),
  }),
];
