/** Thinking levels → what servers that speak OpenAI's dialect want to hear. */
import type { ModelRequest, ThinkingLevel } from "../../contracts/model.ts";

const LADDER = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const COMMON_EFFORTS = ["low", "medium", "high"];

/** The fields of the request body that ask for `thinking`; none where the server has no word for it. */
export function reasoningFields({ endpoint, thinking }: ModelRequest): Record<string, unknown> {
  const { model, native } = endpoint;
  const { thinkingFormat, supportsReasoningEffort } = model.compat ?? {};
  if (!model.reasoning) return {};
  const effort = effortOf(thinking, model.compat ?? {});
  switch (thinkingFormat) {
    case undefined:
    case "openai":
      return (supportsReasoningEffort ?? native) && effort !== undefined ? { reasoning_effort: effort } : {};
    case "openrouter":
      return { reasoning: thinking === "off" ? { enabled: false } : { effort: effort ?? "low" } };
    case "deepseek":
      if (thinking === "off") return { thinking: { type: "disabled" } };
      return { thinking: { type: "enabled" }, reasoning_effort: thinking === "xhigh" ? "max" : "high" };
    case "zai":
    case "moonshot":
      return { thinking: { type: thinking === "off" ? "disabled" : "enabled" } };
    case "together":
      return { reasoning: { enabled: thinking !== "off" } };
    case "qwen":
      return { enable_thinking: thinking !== "off" };
    case "qwen-chat-template":
      return { chat_template_kwargs: { enable_thinking: thinking !== "off" } };
    default:
      return {};
  }
}

/** The vendor's word for a level: mapped by the operator, else the nearest supported one that is not higher. */
export function effortOf(
  level: ThinkingLevel,
  compat: {
    readonly supportedReasoningEfforts?: readonly string[];
    readonly reasoningEffortMap?: Readonly<Record<string, string>>;
  },
): string | undefined {
  const mapped = compat.reasoningEffortMap?.[level];
  if (mapped !== undefined) return mapped;
  const supported = compat.supportedReasoningEfforts ?? COMMON_EFFORTS;
  if (level === "off") return supported.includes("none") ? "none" : undefined;
  const asked = LADDER.indexOf(level);
  const fitting = LADDER.filter((word, at) => at > 0 && at <= asked && supported.includes(word));
  return fitting.at(-1) ?? supported.find((word) => word !== "none");
}
