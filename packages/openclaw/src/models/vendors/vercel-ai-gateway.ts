import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "vercel-ai-gateway",
  label: "Vercel AI Gateway",
  api: "anthropic-messages",
  baseUrl: "https://ai-gateway.vercel.sh",
  keyEnv: ["AI_GATEWAY_API_KEY"],
  defaultModel: "anthropic/claude-opus-4.6",
  anyModel: true,
  discovery: { paths: ["v1/models"], shape: "openai", open: true },
  auth: [{ id: "ai-gateway-api-key", label: "API key", kind: "api_key" }],
  renamed: {
    "claude-opus-4.6": "anthropic/claude-opus-4.6",
    "opus-4.6": "anthropic/claude-opus-4.6",
    "claude-sonnet-4.6": "anthropic/claude-sonnet-4.6",
    "sonnet-4.6": "anthropic/claude-sonnet-4.6",
    "claude-sonnet-4.5": "anthropic/claude-sonnet-4.5",
    "sonnet-4.5": "anthropic/claude-sonnet-4.5",
    "claude-haiku-4.5": "anthropic/claude-haiku-4.5",
    "haiku-4.5": "anthropic/claude-haiku-4.5",
  },
  models: () => [
    model("anthropic/claude-opus-4.6", "Claude Opus 4.6", {
      size: [200_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("anthropic/claude-sonnet-4.6", "Claude Sonnet 4.6", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("anthropic/claude-sonnet-4.5", "Claude Sonnet 4.5", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
    }),
    model("anthropic/claude-haiku-4.5", "Claude Haiku 4.5", {
      size: [200_000, 64_000],
      usd: [1, 5, 0.1, 1.25],
      can: "think see",
    }),
    model("anthropic/claude-opus-5", "Claude Opus 5", {
      size: [1_000_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
    model("anthropic/claude-sonnet-5", "Claude Sonnet 5", {
      size: [1_000_000, 128_000],
      usd: [2, 10, 0.2, 2.5],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("openai/gpt-5.2", "GPT 5.2", { size: [400_000, 128_000], usd: [1.75, 14, 0.175], can: "think see" }),
    model("openai/gpt-5.6-sol", "GPT 5.6 Sol", { size: [1_050_000, 128_000], usd: [4, 20, 0.4, 5], can: "think see" }),
    model("google/gemini-3-flash", "Gemini 3 Flash", {
      size: [1_000_000, 65_000],
      usd: [0.5, 3, 0.05],
      can: "think see",
    }),
    model("google/gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", {
      size: [1_000_000, 64_000],
      usd: [2, 12, 0.2],
      can: "think see",
    }),
    model("zai/glm-5.3", "GLM 5.3", { size: [1_000_000, 1_000_000], usd: [1.4, 4.4, 0.14], can: "think" }),
    model("moonshotai/kimi-k3", "Kimi K3", { size: [1_000_000, 131_072], usd: [3, 15, 0.3], can: "think see" }),
    model("minimax/minimax-m3", "MiniMax M3", { size: [512_000, 512_000], usd: [0.3, 1.2, 0.06], can: "think see" }),
    model("deepseek/deepseek-v4-pro", "DeepSeek V4 Pro", {
      size: [1_000_000, 384_000],
      usd: [0.66, 1.98, 0.022],
      can: "think",
    }),
  ],
});
