import { importedBy } from "../imports.ts";
import type { Rule } from "../rule.ts";
import { dotted, isGlobal } from "../tree.ts";

/** The serving side of `ws`, and types, stay free. */
const CLIENT_NAMES = ["WebSocket", "createWebSocketStream", "default", "*"];

/** A WebSocket is a request too: it leaves where destinations, sizes and times are checked. */
export const socket: Rule = {
  name: "socket",
  look: (visit) => {
    const imported = importedBy(visit.node);
    const name = imported?.module === "ws" ? imported.names.find((each) => CLIENT_NAMES.includes(each)) : undefined;
    if (name !== undefined) return `imports ${name === "*" ? "all" : name} of ws`;
    const used = isGlobal(visit, "WebSocket") || dotted(visit.node) === "globalThis.WebSocket";
    return used ? "uses the global WebSocket" : undefined;
  },
};
