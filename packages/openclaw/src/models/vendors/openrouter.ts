import { defineVendor } from "../../contracts/model.ts";

const pictures = ["text", "image"] as const;

export const vendor = defineVendor({
  id: "openrouter",
  label: "OpenRouter",
  api: "openai-completions",
  baseUrl: "https://openrouter.ai/api/v1",
  keyEnv: ["OPENROUTER_API_KEY"],
  headers: { "http-referer": "https://openclaw.ai", "x-title": "OpenClaw", "x-openrouter-categories": "cli-agent" },
  defaultModel: "auto",
  anyModel: true,
  compat: { thinkingFormat: "openrouter" },
  models: () => [
    {
      id: "auto",
      wireId: "openrouter/auto",
      name: "OpenRouter Auto",
      // The router chooses a model, so nothing can be asked of its thinking.
      reasoning: false,
      input: pictures,
      contextWindow: 200_000,
      maxTokens: 32_000,
    },
    {
      id: "anthropic/claude-sonnet-4-5",
      wireId: "anthropic/claude-sonnet-4.5",
      name: "Claude Sonnet 4.5 (OpenRouter)",
      reasoning: true,
      input: pictures,
      cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
      contextWindow: 200_000,
      maxTokens: 64_000,
    },
    {
      id: "deepseek/deepseek-r1:free",
      name: "DeepSeek R1 (free)",
      reasoning: true,
      input: ["text"],
      contextWindow: 163_840,
      maxTokens: 32_768,
    },
  ],
});
