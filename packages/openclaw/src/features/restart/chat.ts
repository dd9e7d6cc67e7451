/** `/restart`. */
import { defineChat } from "../../contracts/chat.ts";
import { LifecycleToken } from "../../contracts/lifecycle.ts";

export const chat = [
  defineChat({
    name: "restart",
    summary: "Restart the gateway",
    category: "management",
    level: "owner",
    flag: "restart",
    async run({ use }) {
      const { coalesced } = (await use(LifecycleToken)).restart({ reason: "/restart" });
      return {
        reply: coalesced
          ? "⚙️ The gateway is about to restart already."
          : "⚙️ Restarting the gateway; it will be back in a few seconds.",
      };
    },
  }),
];
