import { importedBy } from "../imports.ts";
import type { Rule } from "../rule.ts";
import { dotted, isGlobal } from "../tree.ts";

/** Parts of Node that open a connection. Servers are no requests: `createServer` and types stay free. */
const CLIENT_NAMES: Readonly<Record<string, readonly string[]>> = {
  http: ["request", "get", "Agent", "globalAgent", "ClientRequest", "default", "*"],
  https: ["request", "get", "Agent", "globalAgent", "default", "*"],
  http2: ["connect", "default", "*"],
  net: ["connect", "createConnection", "Socket", "default", "*"],
  tls: ["connect", "TLSSocket", "default", "*"],
  dgram: ["createSocket", "default", "*"],
};
const CLIENT_PACKAGES = ["undici", "node-fetch", "axios"];
const GLOBALS = ["fetch", "XMLHttpRequest", "EventSource"];

/** Requests leave in one place, where destinations, redirects, sizes and times are checked. */
export const fetch: Rule = {
  name: "fetch",
  look: (visit) => {
    const imported = importedBy(visit.node);
    if (imported && CLIENT_PACKAGES.includes(imported.module)) return `imports ${imported.module}`;
    const name = imported?.names.find((each) => CLIENT_NAMES[imported.module]?.includes(each));
    if (imported && name !== undefined) return `imports ${name === "*" ? "all" : name} of node:${imported.module}`;
    const used = GLOBALS.find((each) => isGlobal(visit, each));
    if (used) return `uses the global ${used}`;
    return /^(globalThis|window|self)\.(fetch|XMLHttpRequest|EventSource)$/.test(dotted(visit.node) ?? "")
      ? `uses ${dotted(visit.node)}`
      : undefined;
  },
};
