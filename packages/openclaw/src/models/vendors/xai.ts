import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "xai",
  aliases: ["x-ai", "grok"],
  label: "xAI",
  api: "openai-responses",
  baseUrl: "https://api.x.ai/v1",
  keyEnv: ["XAI_API_KEY"],
  defaultModel: "grok-4.3",
  anyModel: ["grok-4", "grok-code-fast"],
  auth: [{ id: "xai-api-key", label: "API key", kind: "api_key" }],
  compat: { supportsStore: true, supportsLongCacheRetention: false, supportsStrictMode: false },
  models: () => [
    model("grok-4.3", "Grok 4.3", { size: [1_000_000, 30_000], usd: [1.25, 2.5, 0.2], can: "think see" }),
    model("grok-4.5", "Grok 4.5", { size: [500_000, 500_000], usd: [2, 6, 0.3], can: "think see" }),
    model("grok-4.6", "Grok 4.6", { size: [500_000, 500_000], usd: [2, 6, 0.5], can: "think see" }),
    model("grok-4.7", "Grok 4.7", { size: [500_000, 500_000], usd: [2, 6, 0.5], can: "think see" }),
  ],
});
