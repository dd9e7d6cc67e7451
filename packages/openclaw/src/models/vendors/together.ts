import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "together",
  label: "Together AI",
  api: "openai-completions",
  baseUrl: "https://api.together.xyz/v1",
  keyEnv: ["TOGETHER_API_KEY"],
  defaultModel: "moonshotai/Kimi-K2.5",
  anyModel: true,
  auth: [{ id: "together-api-key", label: "API key", kind: "api_key" }],
  compat: {
    thinkingFormat: "together",
    maxTokensField: "max_tokens",
    supportsLongCacheRetention: false,
    supportsStrictMode: false,
  },
  models: () => [
    model("moonshotai/Kimi-K2.5", "Kimi K2.5", { size: [262_144, 262_144], can: "think see" }),
    model("moonshotai/Kimi-K2.6", "Kimi K2.6", { size: [262_144, 131_000], usd: [1.2, 4.5, 0.2], can: "think see" }),
    model("moonshotai/Kimi-K3", "Kimi K3", { size: [1_048_576, 131_072], usd: [3, 15, 0.3], can: "think see" }),
    model("zai-org/GLM-5.3", "GLM-5.3", { size: [1_048_576, 262_144], usd: [1.4, 4.4, 0.26], can: "think" }),
    model("zai-org/GLM-5.3-Flash", "GLM-5.3-Flash", {
      size: [1_048_575, 400_000],
      usd: [0.15, 0.5, 0.03],
      can: "think see",
    }),
    model("deepseek-ai/DeepSeek-V4-Pro", "DeepSeek V4 Pro", {
      size: [512_000, 384_000],
      usd: [1.74, 3.48, 0.2],
      can: "think",
    }),
    model("deepseek-ai/DeepSeek-V4.1-Flash", "DeepSeek V4.1 Flash", {
      size: [1_048_576, 384_000],
      usd: [0.3, 1.2, 0.006],
      can: "think see",
    }),
    model("MiniMaxAI/MiniMax-M3", "MiniMax-M3", { size: [524_288, 250_000], usd: [0.3, 1.2, 0.06], can: "think see" }),
    model("Qwen/Qwen3.6-Plus", "Qwen3.6 Plus", { size: [1_000_000, 500_000], usd: [0.5, 3], can: "think" }),
    model("meta-llama/Llama-3.3-70B-Instruct-Turbo", "Llama 3.3 70B", { size: [131_072, 131_072], usd: [1.04, 1.04] }),
    model("google/gemma-4-31B-it", "Gemma 4 31B Instruct", {
      size: [262_144, 131_072],
      usd: [0.39, 0.97],
      can: "think see",
    }),
    model("openai/gpt-oss-120b", "GPT OSS 120B", {
      size: [131_072, 131_072],
      usd: [0.15, 0.6],
      can: "think",
      compat: { thinkingFormat: "openai", supportsReasoningEffort: true },
    }),
    model("openai/gpt-oss-20b", "GPT OSS 20B", {
      size: [131_072, 131_072],
      usd: [0.05, 0.2],
      can: "think",
      compat: { thinkingFormat: "openai", supportsReasoningEffort: true },
    }),
  ],
});
