/** Slash commands about talking itself. */
import { defineChat } from "../../contracts/chat.ts";
import { formatAddress } from "../../contracts/envelope.ts";
import { ChatCommands } from "./index.ts";

export const chat = [
  defineChat({
    name: "help",
    aliases: ["commands"],
    summary: "What you can type here",
    category: "status",
    async run({ use }) {
      const commands = await use(ChatCommands);
      const lines = commands.map((c) => `- \`/${c.name}${c.args === undefined ? "" : ` ${c.args}`}\` ${c.summary}`);
      return {
        reply: `Anything you write goes to the assistant. Besides:\n\n${lines.join("\n")}\n- \`stop\` stops what is running`,
      };
    },
  }),
  defineChat({
    name: "whoami",
    aliases: ["id"],
    summary: "How the assistant knows you",
    category: "status",
    async run({ principal, address, sessionKey }) {
      return {
        reply: `You are \`${principal.id}\` (${principal.role}).\nAddress: \`${formatAddress(address)}\`\nSession: \`${sessionKey}\``,
      };
    },
  }),
];
