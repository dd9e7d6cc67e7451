/** `/allowlist`: who may write, as the configuration has it. */
import { defineChat } from "../../contracts/chat.ts";

export const chat = [
  defineChat({
    name: "allowlist",
    summary: "Who may write here: list, add, remove",
    category: "management",
    native: false,
    args: [
      { name: "action", description: "What to do", choices: ["list", "add", "remove"] },
      { name: "scope", description: "Direct messages, or groups", choices: ["dm", "group"] },
      { name: "entry", description: "The sender; --channel and --account name another place", captureRemaining: true },
    ],
    run: async (call) => (await import("./_chat.ts")).allowlist(call),
  }),
];
