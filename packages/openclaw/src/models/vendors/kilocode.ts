import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "kilocode",
  label: "Kilo Code",
  api: "openai-completions",
  baseUrl: "https://api.kilo.ai/api/gateway/",
  keyEnv: ["KILOCODE_API_KEY"],
  defaultModel: "kilo/auto",
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai", open: true },
  auth: [{ id: "kilocode-api-key", label: "API key", kind: "api_key" }],
  compat: { thinkingFormat: "openrouter" },
  models: () => [
    model("kilo/auto", "Kilo Auto", { size: [1_000_000, 128_000], can: "see" }),
    model("anthropic/claude-opus-4.6", "Claude Opus 4.6", { size: [200_000, 128_000], can: "think see" }),
    model("anthropic/claude-sonnet-4.6", "Claude Sonnet 4.6", { size: [200_000, 128_000], can: "think see" }),
    model("openai/gpt-5.2", "GPT-5.2", { size: [400_000, 128_000], can: "think see" }),
    model("openai/gpt-6-sol", "GPT-6 Sol", { size: [1_050_000, 128_000], can: "think see" }),
    model("google/gemini-3-flash-preview", "Gemini 3 Flash Preview", { size: [1_048_576, 65_536], can: "think see" }),
    model("google/gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", { size: [1_048_576, 65_536], can: "think see" }),
    model("z-ai/glm-5.3", "GLM 5.3", { size: [1_048_576, 131_072], can: "think" }),
    model("moonshotai/kimi-k2.5", "Kimi K2.5", { size: [262_144, 4096], can: "think see" }),
    model("minimax/minimax-m3", "MiniMax M3", { size: [524_288, 512_000], can: "think see" }),
    model("deepseek/deepseek-v4-pro", "DeepSeek V4 Pro 0423", { size: [1_024_000, 384_000], can: "think" }),
  ],
});
