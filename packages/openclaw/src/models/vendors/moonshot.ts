import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "moonshot",
  label: "Moonshot AI (Kimi)",
  api: "openai-completions",
  baseUrl: "https://api.moonshot.ai/v1",
  keyEnv: ["MOONSHOT_API_KEY"],
  defaultModel: "kimi-k2.5",
  compat: { thinkingFormat: "moonshot", maxTokensField: "max_tokens", supportsStrictMode: false },
  auth: [
    { id: "moonshot-api-key", label: "API key", kind: "api_key" },
    { id: "moonshot-api-key-cn", label: "API key, China", kind: "api_key", baseUrl: "https://api.moonshot.cn/v1" },
  ],
  note: "Keys of the coding plan are for `kimi-coding`; the two do not know each other's keys.",
  models: () => [
    model("kimi-k2.5", "Kimi K2.5", { size: [262_144, 262_144], usd: [0.6, 3, 0.1], can: "think see" }),
    model("kimi-k2.6", "Kimi K2.6", { size: [262_144, 262_144], usd: [0.95, 4, 0.16], can: "think see" }),
    model("kimi-k2.7-code", "Kimi K2.7 Code", { size: [262_144, 262_144], usd: [0.95, 4, 0.19], can: "think see" }),
    model("kimi-k2.7-code-highspeed", "Kimi K2.7 Code HighSpeed", {
      size: [262_144, 262_144],
      usd: [1.9, 8, 0.38],
      can: "think see",
    }),
    model("kimi-k3", "Kimi K3", {
      size: [1_048_576, 131_072],
      usd: [3, 15, 0.3],
      can: "think see",
      compat: {
        thinkingFormat: "openai",
        supportsReasoningEffort: true,
        requiresReasoningContentOnAssistantMessages: true,
      },
    }),
  ],
});
