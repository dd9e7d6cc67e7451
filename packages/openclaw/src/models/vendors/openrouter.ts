import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "openrouter",
  label: "OpenRouter",
  api: "openai-completions",
  baseUrl: "https://openrouter.ai/api/v1",
  keyEnv: ["OPENROUTER_API_KEY"],
  headers: { "http-referer": "https://openclaw.ai", "x-title": "OpenClaw", "x-openrouter-categories": "cli-agent" },
  defaultModel: "auto",
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai", open: true },
  compat: { thinkingFormat: "openrouter" },
  auth: [
    { id: "openrouter-api-key", label: "API key", kind: "api_key" },
    { id: "openrouter-oauth", label: "Login in the browser", kind: "oauth", flow: "openrouter" },
  ],
  models: () => [
    model("auto", "OpenRouter Auto", { size: [200_000, 32_000], can: "see", wireId: "openrouter/auto" }),
    model("anthropic/claude-opus-4-6", "Claude Opus 4.6 (OpenRouter)", {
      size: [200_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      wireId: "anthropic/claude-opus-4.6",
    }),
    model("anthropic/claude-sonnet-4-5", "Claude Sonnet 4.5 (OpenRouter)", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
      wireId: "anthropic/claude-sonnet-4.5",
    }),
    model("anthropic/claude-opus-5", "Claude Opus 5", {
      size: [1_000_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
    }),
    model("anthropic/claude-sonnet-5", "Claude Sonnet 5", {
      size: [1_000_000, 128_000],
      usd: [2, 10, 0.2, 2.5],
      can: "think see",
    }),
    model("anthropic/claude-haiku-4.5", "Claude Haiku 4.5", {
      size: [200_000, 64_000],
      usd: [1, 5, 0.1, 1.25],
      can: "think see",
    }),
    model("openai/gpt-5.2", "GPT-5.2", { size: [400_000, 128_000], usd: [1.75, 14, 0.175], can: "think see" }),
    model("openai/gpt-6-sol", "GPT-6 Sol", { size: [1_050_000, 128_000], usd: [2, 10, 0.2, 2.5], can: "think see" }),
    model("google/gemini-3-flash-preview", "Gemini 3 Flash Preview", {
      size: [1_048_576, 65_536],
      usd: [0.5, 3, 0.05, 0.0833],
      can: "think see",
    }),
    model("google/gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", {
      size: [1_048_576, 65_536],
      usd: [2, 12, 0.2, 0.375],
      can: "think see",
    }),
    model("x-ai/grok-4.7", "Grok 4.7", { size: [500_000, 450_000], usd: [1.6, 4.8, 0.4], can: "think see" }),
    model("z-ai/glm-4.7", "GLM 4.7", { size: [202_752, 131_072], usd: [0.4, 1.75, 0.08], can: "think" }),
    model("z-ai/glm-5.3", "GLM 5.3", { size: [1_048_576, 131_072], usd: [0.6538, 2.0548, 0.1214], can: "think" }),
    model("moonshotai/kimi-k2.5", "Kimi K2.5", { size: [262_144, 4096], usd: [0.41, 2.06, 0.07], can: "think see" }),
    model("moonshotai/kimi-k3", "Kimi K3", { size: [1_048_576, 131_072], usd: [3, 15, 0.3], can: "think see" }),
    model("minimax/minimax-m3", "MiniMax M3", { size: [524_288, 512_000], usd: [0.3, 1.2, 0.06], can: "think see" }),
    model("deepseek/deepseek-v4-pro", "DeepSeek V4 Pro 0423", {
      size: [1_024_000, 384_000],
      usd: [0.8956, 1.7912, 0.0746],
      can: "think",
    }),
    model("qwen/qwen3.6-plus", "Qwen3.6 Plus", {
      size: [1_000_000, 65_536],
      usd: [0.325, 1.95, 0, 0.4063],
      can: "think see",
    }),
    model("mistralai/mistral-medium-3-5", "Mistral Medium 3.5", {
      size: [262_144, 209_715],
      usd: [1.5, 7.5],
      can: "think see",
    }),
    model("xiaomi/mimo-v2.6-pro", "MiMo-V2.6-Pro", {
      size: [1_048_576, 131_072],
      usd: [0.435, 0.87, 0.0036],
      can: "think see",
    }),
    model("deepseek/deepseek-r1:free", "DeepSeek R1 (free)", { size: [163_840, 32_768], usd: [0, 0], can: "think" }),
    model("nvidia/nemotron-3-super-120b-a12b:free", "Nemotron 3 Super (free)", {
      size: [262_144, 235_929],
      usd: [0, 0],
      can: "think",
    }),
    model("qwen/qwen3.8-27b:free", "Qwen3.8 27B (free)", { size: [262_144, 235_929], usd: [0, 0], can: "think see" }),
  ],
});
