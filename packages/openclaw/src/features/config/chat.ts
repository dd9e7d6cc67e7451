/** `/config`: the configuration file from a chat. */
import { defineChat } from "../../contracts/chat.ts";

export const chat = [
  defineChat({
    name: "config",
    summary: "See and change the configuration",
    category: "management",
    level: "owner",
    flag: "config",
    args: [
      { name: "action", description: "What to do", required: true, choices: ["show", "get", "set", "unset"] },
      { name: "setting", description: "`path`, or `path=value`", captureRemaining: true },
    ],
    run: async (call) => (await import("./_chat.ts")).config(call),
  }),
];
