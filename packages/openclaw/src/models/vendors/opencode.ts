import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

const lowToXhigh = "low medium high xhigh";

const claude = { api: "anthropic-messages", baseUrl: "https://opencode.ai/zen" };

export const vendor = defineVendor({
  id: "opencode",
  aliases: ["opencode-zen"],
  label: "OpenCode Zen",
  api: "openai-completions",
  baseUrl: "https://opencode.ai/zen/v1",
  keyEnv: ["OPENCODE_API_KEY", "OPENCODE_ZEN_API_KEY"],
  defaultModel: "claude-opus-4-6",
  auth: [{ id: "opencode-zen", label: "API key", kind: "api_key" }],
  models: () => [
    model("claude-opus-4-6", "Claude Opus 4.6", {
      size: [200_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      ...claude,
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-sonnet-4-5", "Claude Sonnet 4.5", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
      ...claude,
    }),
    model("claude-sonnet-4-6", "Claude Sonnet 4.6", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
      ...claude,
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-haiku-4-5", "Claude Haiku 4.5", {
      size: [200_000, 64_000],
      usd: [1, 5, 0.1, 1.25],
      can: "think see",
      ...claude,
    }),
    model("claude-opus-5", "Claude Opus 5", {
      size: [1_000_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      ...claude,
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
    model("claude-sonnet-5", "Claude Sonnet 5", {
      size: [1_000_000, 128_000],
      usd: [2, 10, 0.2, 2.5],
      can: "think see",
      ...claude,
      compat: { thinkingFormat: "adaptive" },
    }),
    model("gpt-5.2", "GPT-5.2", {
      size: [400_000, 128_000],
      usd: [1.75, 14, 0.175],
      can: "think see",
      efforts: lowToXhigh,
      api: "openai-responses",
    }),
    model("gpt-5.3-codex", "GPT-5.3 Codex", {
      size: [400_000, 128_000],
      usd: [1.75, 14, 0.175],
      can: "think see",
      efforts: lowToXhigh,
      api: "openai-responses",
    }),
    model("gpt-5.5", "GPT-5.5", {
      size: [1_050_000, 128_000],
      usd: [5, 30, 0.5],
      can: "think see",
      efforts: lowToXhigh,
      api: "openai-responses",
    }),
    model("gpt-6-sol", "GPT-6 Sol", {
      size: [1_050_000, 128_000],
      usd: [2, 10, 0.2, 2.5],
      can: "think see",
      efforts: "none low medium high xhigh max",
      api: "openai-responses",
    }),
    model("gpt-5-nano", "GPT-5 Nano", {
      size: [400_000, 128_000],
      usd: [0.05, 0.4, 0.005],
      can: "think see",
      efforts: "minimal low medium high",
      api: "openai-responses",
    }),
    model("gemini-3-flash", "Gemini 3 Flash", {
      size: [1_048_576, 65_536],
      usd: [0.5, 3, 0.05],
      can: "think see",
      api: "google-generative-ai",
    }),
    model("gemini-3.1-pro", "Gemini 3.1 Pro Preview", {
      size: [1_048_576, 65_536],
      usd: [2, 12, 0.2],
      can: "think see",
      api: "google-generative-ai",
    }),
    model("gemini-3.8-flash", "Gemini 3.8 Flash", {
      size: [1_048_576, 65_536],
      usd: [1.5, 7.5, 0.15],
      can: "think see",
      api: "google-generative-ai",
    }),
    model("glm-5.3", "GLM-5.3", { size: [1_000_000, 131_072], usd: [1.4, 4.4, 0.26], can: "think" }),
    model("kimi-k2.5", "Kimi K2.5", { size: [262_144, 65_536], usd: [0.6, 3, 0.08], can: "think see" }),
    model("kimi-k3", "Kimi K3", { size: [1_048_576, 131_072], usd: [3, 15, 0.3], can: "think see" }),
    model("minimax-m3", "MiniMax-M3", { size: [512_000, 128_000], usd: [0.3, 1.2, 0.06], can: "think see" }),
    model("deepseek-v4-pro", "DeepSeek V4 Pro", { size: [1_000_000, 384_000], usd: [1.74, 3.84, 0.145], can: "think" }),
    model("qwen3.6-plus", "Qwen3.6 Plus", {
      size: [262_144, 65_536],
      usd: [0.5, 3, 0.05, 0.625],
      can: "think see",
      ...claude,
    }),
    model("grok-4.6", "Grok 4.6", {
      size: [500_000, 500_000],
      usd: [2, 6, 0.5],
      can: "think see",
      api: "openai-responses",
    }),
    model("big-pickle", "Big Pickle", { size: [200_000, 32_000], usd: [0, 0], can: "think" }),
  ],
});
