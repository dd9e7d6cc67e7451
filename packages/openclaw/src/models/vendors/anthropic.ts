import { defineVendor } from "../../contracts/model.ts";

const pictures = ["text", "image"] as const;

export const vendor = defineVendor({
  id: "anthropic",
  label: "Anthropic",
  api: "anthropic-messages",
  baseUrl: "https://api.anthropic.com",
  keyEnv: ["ANTHROPIC_API_KEY"],
  defaultModel: "claude-opus-4-6",
  models: () => [
    {
      id: "claude-opus-4-6",
      name: "Claude Opus 4.6",
      reasoning: true,
      input: pictures,
      cost: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
      contextWindow: 200_000,
      maxTokens: 128_000,
      compat: { thinkingFormat: "adaptive" },
    },
    {
      id: "claude-sonnet-4-6",
      name: "Claude Sonnet 4.6",
      reasoning: true,
      input: pictures,
      cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
      contextWindow: 200_000,
      maxTokens: 64_000,
      compat: { thinkingFormat: "adaptive" },
    },
    {
      id: "claude-opus-4-5",
      name: "Claude Opus 4.5",
      reasoning: true,
      input: pictures,
      cost: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
      contextWindow: 200_000,
      maxTokens: 64_000,
    },
    {
      id: "claude-sonnet-4-5",
      name: "Claude Sonnet 4.5",
      reasoning: true,
      input: pictures,
      cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
      contextWindow: 200_000,
      maxTokens: 64_000,
    },
    {
      id: "claude-haiku-4-5",
      name: "Claude Haiku 4.5",
      reasoning: true,
      input: pictures,
      cost: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
      contextWindow: 200_000,
      maxTokens: 64_000,
    },
  ],
});
