/** Commands that look at a conversation without adding to it. */
import { defineChat } from "../../contracts/chat.ts";
import { Runs } from "./index.ts";

export const chat = [
  defineChat({
    name: "btw",
    summary: "Ask something aside; it is not remembered",
    category: "tools",
    slow: true,
    args: [{ name: "question", description: "What you want to know", required: true, captureRemaining: true }],
    async run({ use, rest, sessionKey, agentId, principal, signal }) {
      if (rest === "") return { reply: "⚙️ Usage: /btw <question>" };
      const text = await (await use(Runs)).aside({ sessionKey, agentId, principal, question: rest, signal });
      return { reply: `💬 BTW: ${rest.split("\n", 1)[0]}\n\n${text}`, aside: { question: rest, text } };
    },
  }),
  defineChat({
    name: "export-session",
    aliases: ["export"],
    summary: "Write the conversation into a web page in the workspace",
    category: "session",
    level: "member",
    slow: true,
    args: [{ name: "path", description: "File inside the workspace" }],
    run: async (call) => (await import("./_history/export.ts")).exportSession(call),
  }),
];
