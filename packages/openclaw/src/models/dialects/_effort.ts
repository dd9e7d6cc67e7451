/** Thinking levels → what servers that speak OpenAI's dialect want to hear. */
import type { ModelRequest, ThinkingLevel } from "../../contracts/model.ts";
import { isRecord } from "../../base/record.ts";

const LADDER = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const COMMON_EFFORTS = ["low", "medium", "high"];
/** `params.qwenThinkingFormat` → ours. */
const QWEN: Readonly<Record<string, string>> = { "chat-template": "qwen-chat-template", "top-level": "qwen" };

/** The fields of the request body that ask for `thinking`; none where the server has no word for it. */
export function reasoningFields({ endpoint, thinking }: ModelRequest): Record<string, unknown> {
  const { model, native, params = {} } = endpoint;
  const { thinkingFormat, supportsReasoningEffort } = model.compat ?? {};
  // The operator's own words, as Z.AI's `{ type, clear_thinking }` and Moonshot's `{ type, keep }`.
  if (isRecord(params["thinking"])) return { thinking: params["thinking"] };
  if (!model.reasoning) return {};
  const effort = effortOf(thinking, model.compat ?? {});
  switch (QWEN[String(params["qwenThinkingFormat"])] ?? thinkingFormat) {
    case undefined:
    case "openai":
      if (/nemotron-3/i.test(model.id) && thinking === "off" && !native)
        return { chat_template_kwargs: { enable_thinking: false, force_nonempty_content: true } };
      return (supportsReasoningEffort ?? native) && effort !== undefined ? { reasoning_effort: effort } : {};
    case "openrouter":
      // What `auto` turns out to be may not think at all.
      if (/(?:^|\/)auto$/.test(model.wireId ?? model.id)) return {};
      return { reasoning: thinking === "off" ? { enabled: false } : { effort: effort ?? "low" } };
    case "deepseek":
      if (thinking === "off") return { thinking: { type: "disabled" } };
      return { thinking: { type: "enabled" }, reasoning_effort: thinking === "xhigh" ? "max" : "high" };
    case "zai":
      if (thinking === "off") return { thinking: { type: "disabled" } };
      return { thinking: { type: "enabled", ...(params["preserveThinking"] === true && { clear_thinking: false }) } };
    case "moonshot":
      return { thinking: { type: thinking === "off" ? "disabled" : "enabled" } };
    case "explicit":
      // Thinks unless told, and then thinks aloud in the answer.
      return thinking === "off" ? { thinking: { type: "disabled" } } : {};
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
