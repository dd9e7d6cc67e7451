import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

const lowToHigh = "low medium high";

/** Qwen thinks or does not, and its word for thinking is `default`. */
const qwen = {
  supportsReasoningEffort: true,
  reasoningEffortMap: { off: "none", minimal: "default", low: "default", medium: "default", high: "default" },
};

export const vendor = defineVendor({
  id: "groq",
  label: "Groq",
  api: "openai-completions",
  baseUrl: "https://api.groq.com/openai/v1",
  keyEnv: ["GROQ_API_KEY"],
  defaultModel: "llama-3.3-70b-versatile",
  auth: [{ id: "groq-api-key", label: "API key", kind: "api_key" }],
  models: () => [
    model("llama-3.3-70b-versatile", "Llama 3.3 70B", { size: [131_072, 32_768], usd: [0.59, 0.79] }),
    model("llama-3.1-8b-instant", "Llama 3.1 8B", { size: [131_072, 131_072], usd: [0.05, 0.08] }),
    model("openai/gpt-oss-120b", "GPT OSS 120B", {
      size: [131_072, 65_536],
      usd: [0.15, 0.6, 0.075],
      can: "think",
      efforts: lowToHigh,
      compat: { supportsReasoningEffort: true },
    }),
    model("openai/gpt-oss-20b", "GPT OSS 20B", {
      size: [131_072, 65_536],
      usd: [0.075, 0.3, 0.0375],
      can: "think",
      efforts: lowToHigh,
      compat: { supportsReasoningEffort: true },
    }),
    model("qwen/qwen3.8-27b", "Qwen3.8 27B", {
      size: [131_042, 16_384],
      usd: [0.8, 4],
      can: "think see",
      compat: qwen,
    }),
    model("qwen/qwen3.6-27b", "Qwen3.6 27B", {
      size: [131_072, 16_384],
      usd: [0.6, 3, 0.3],
      can: "think see",
      compat: qwen,
    }),
  ],
});
