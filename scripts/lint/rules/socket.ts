import type { Rule } from "../rule.ts";
import { dotted, isGlobal } from "../tree.ts";

/** A WebSocket is a request too; only the gateway client opens one. */
export const socket: Rule = {
  name: "socket",
  look: (visit) => {
    const used = isGlobal(visit, "WebSocket") || dotted(visit.node) === "globalThis.WebSocket";
    return used ? "uses the global WebSocket" : undefined;
  },
};
