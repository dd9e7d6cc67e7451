import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "cerebras",
  label: "Cerebras",
  api: "openai-completions",
  baseUrl: "https://api.cerebras.ai/v1",
  keyEnv: ["CEREBRAS_API_KEY"],
  defaultModel: "zai-glm-4.7",
  auth: [{ id: "cerebras-api-key", label: "API key", kind: "api_key" }],
  models: () => [
    model("zai-glm-4.7", "GLM-4.7", { size: [131_072, 40_960], can: "think" }),
    model("zai-glm-4.6", "GLM-4.6", { size: [131_072, 40_960], can: "think" }),
    model("gpt-oss-120b", "GPT OSS 120B", {
      size: [131_072, 40_960],
      usd: [0.35, 0.75],
      can: "think",
      compat: { supportsReasoningEffort: true },
    }),
    model("qwen-3.8-27b", "Qwen3.8 27B", { size: [65_536, 32_768], usd: [0.99, 1.49], can: "think see" }),
  ],
});
