/** Commands about talking itself. */
import { defineChat } from "../../contracts/chat.ts";
import { catalogue, help } from "./_commands/help.ts";
import { stopped } from "./_commands/stop.ts";
import { whoami } from "./_commands/whoami.ts";

export const chat = [
  defineChat({
    name: "help",
    summary: "What you can type here",
    category: "status",
    inline: true,
    run: async (call) => ({ reply: await help(call) }),
  }),
  defineChat({
    name: "commands",
    summary: "Every command there is",
    category: "status",
    inline: true,
    takes: /^\d{1,3}(?=\s|$)/,
    args: [{ name: "page", description: "Which page", type: "number" }],
    run: catalogue,
  }),
  defineChat({
    name: "whoami",
    aliases: ["id"],
    summary: "How the assistant knows you",
    category: "status",
    inline: true,
    run: async (call) => ({ reply: await whoami(call) }),
  }),
  defineChat({
    name: "stop",
    summary: "Stop what is running, and what waits behind it",
    category: "session",
    run: async (call) => ({ reply: (await stopped(call, "stop")).reply }),
  }),
];
