import type { Rule } from "../rule.ts";
import { dotted, isGlobal, type Node } from "../tree.ts";

const CALLS = new Set(["Date.now", "Math.random", "performance.now", "crypto.randomUUID"]);
const TIMERS = ["setTimeout", "setInterval", "setImmediate"];

/** Time and chance come in by parameter, so that a simulation can turn them. */
export const ambient: Rule = {
  name: "ambient",
  look: (visit) => {
    const { node, parent } = visit;
    const text = node.type === "MemberExpression" ? dotted(node) : undefined;
    if (text !== undefined && CALLS.has(text) && !visit.isBound(text.split(".")[0] ?? "")) return `uses ${text}`;
    const timer = TIMERS.find((name) => isGlobal(visit, name));
    if (timer) return `uses ${timer}`;
    const isNow =
      isGlobal(visit, "Date") && parent?.type === "NewExpression" && (parent["arguments"] as Node[]).length === 0;
    return isNow ? "uses new Date()" : undefined;
  },
};
