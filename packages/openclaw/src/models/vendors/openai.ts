import { defineVendor } from "../../contracts/model.ts";

const pictures = ["text", "image"] as const;

export const vendor = defineVendor({
  id: "openai",
  label: "OpenAI",
  api: "openai-completions",
  baseUrl: "https://api.openai.com/v1",
  keyEnv: ["OPENAI_API_KEY"],
  defaultModel: "gpt-5.2",
  models: () => [
    {
      id: "gpt-5.2",
      name: "GPT-5.2",
      reasoning: true,
      input: pictures,
      cost: { input: 1.75, output: 14, cacheRead: 0.175, cacheWrite: 0 },
      contextWindow: 400_000,
      maxTokens: 128_000,
      compat: { supportedReasoningEfforts: ["none", "low", "medium", "high", "xhigh"] },
    },
    {
      id: "gpt-5.1",
      name: "GPT-5.1",
      reasoning: true,
      input: pictures,
      cost: { input: 1.25, output: 10, cacheRead: 0.125, cacheWrite: 0 },
      contextWindow: 400_000,
      maxTokens: 128_000,
      compat: { supportedReasoningEfforts: ["none", "low", "medium", "high"] },
    },
    {
      id: "gpt-5-mini",
      name: "GPT-5 mini",
      reasoning: true,
      input: pictures,
      cost: { input: 0.25, output: 2, cacheRead: 0.025, cacheWrite: 0 },
      contextWindow: 400_000,
      maxTokens: 128_000,
      compat: { supportedReasoningEfforts: ["minimal", "low", "medium", "high"], supportsLongCacheRetention: false },
    },
    {
      id: "gpt-4.1",
      name: "GPT-4.1",
      reasoning: false,
      input: pictures,
      cost: { input: 2, output: 8, cacheRead: 0.5, cacheWrite: 0 },
      contextWindow: 1_047_576,
      maxTokens: 32_768,
    },
  ],
});
