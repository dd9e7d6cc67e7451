/** `/approve`: answering from a chat. */
import { defineChat } from "../../contracts/chat.ts";
import { fenced } from "../../base/text.ts";
import { mayApprove } from "./_authority.ts";
import { errors } from "./errors.ts";
import { Approvals } from "./index.ts";

const SAID: Readonly<Record<string, string>> = {
  "allow-once": "✅ Allowed once",
  "allow-always": "✅ Allowed from now on",
  deny: "⛔ Denied",
};

/** Nothing in the command ends the block or is taken for a direction to the sender of the reply. */
function block(command: string): string {
  return fenced(command.replaceAll("[[", "[\u200b["));
}

export const chat = [
  defineChat({
    name: "approve",
    summary: "Answers a question about a command",
    category: "tools",
    args: [
      { name: "id", description: "Of the question, or its beginning", required: true },
      {
        name: "decision",
        description: "Once, from now on, or not at all",
        required: true,
        choices: ["allow-once", "allow-always", "deny"],
      },
    ],
    async run({ use, principal, address, rest }) {
      const desk = await use(Approvals);
      const [id = "", decision = ""] = rest.split(/\s+/);
      if (!mayApprove(principal)) throw errors.APPROVAL_FORBIDDEN();
      if (id === "" || decision === "") {
        const open = desk.list().map(({ id: known, request }) => `\`${known.slice(0, 8)}\`\n${block(request.command)}`);
        const what =
          open.length === 0 ? "No command waits for an answer." : `Waiting for an answer:\n\n${open.join("\n")}`;
        return { reply: `${what}\n\nAnswer with \`/approve <id> allow-once|allow-always|deny\`` };
      }
      const approval = await desk.resolve(id, decision.toLowerCase(), { principal, name: address.channel });
      return { reply: `${SAID[decision.toLowerCase()] ?? decision}:\n${block(approval.request.command)}` };
    },
  }),
];
