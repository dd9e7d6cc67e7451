import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "deepseek",
  label: "DeepSeek",
  api: "openai-completions",
  baseUrl: "https://api.deepseek.com",
  keyEnv: ["DEEPSEEK_API_KEY"],
  defaultModel: "deepseek-v4-flash",
  auth: [{ id: "deepseek-api-key", label: "API key", kind: "api_key" }],
  compat: {
    thinkingFormat: "deepseek",
    requiresReasoningContentOnAssistantMessages: true,
    maxTokensField: "max_tokens",
  },
  models: () => [
    model("deepseek-v4-flash", "DeepSeek V4 Flash", {
      size: [1_000_000, 384_000],
      usd: [0.14, 0.28, 0.028],
      can: "think",
    }),
    model("deepseek-v4-pro", "DeepSeek V4 Pro", { size: [1_000_000, 384_000], usd: [1.32, 3.96, 0.044], can: "think" }),
    model("deepseek-flash", "DeepSeek V4.1 Flash", {
      size: [1_000_000, 384_000],
      usd: [0.3, 1.2, 0.006],
      can: "think see",
    }),
    model("deepseek-chat", "DeepSeek Chat", { size: [131_072, 8192] }),
    model("deepseek-reasoner", "DeepSeek Reasoner", { size: [131_072, 65_536], can: "think" }),
  ],
});
