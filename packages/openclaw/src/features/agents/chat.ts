/** `/context`: what fills the window of this conversation. */
import { fenced } from "../../base/text.ts";
import { defineChat } from "../../contracts/chat.ts";
import { ContextReports } from "./index.ts";

export const chat = [
  defineChat({
    name: "context",
    summary: "What fills the model's window",
    category: "status",
    args: [{ name: "view", description: "How much to show", choices: ["list", "detail", "json"] }],
    async run({ use, sessionKey, principal, rest }) {
      const { EXPLANATION, contextText } = await import("./_context/text.ts");
      const view = rest.trim().toLowerCase();
      if (!["list", "detail", "json"].includes(view)) return { reply: EXPLANATION };
      const report = await (await use(ContextReports)).of(sessionKey, principal);
      if (view === "json") return { reply: fenced(JSON.stringify(report, null, 2)) };
      return { reply: contextText(report, view === "detail") };
    },
  }),
];
