import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "fireworks",
  label: "Fireworks AI",
  api: "openai-completions",
  baseUrl: "https://api.fireworks.ai/inference/v1",
  keyEnv: ["FIREWORKS_API_KEY"],
  defaultModel: "accounts/fireworks/routers/kimi-k2p5-turbo",
  anyModel: true,
  auth: [{ id: "fireworks-api-key", label: "API key", kind: "api_key" }],
  compat: { supportsLongCacheRetention: false },
  models: () => [
    model("accounts/fireworks/routers/kimi-k2p5-turbo", "Kimi K2.5 Turbo", { size: [256_000, 256_000], can: "see" }),
    model("accounts/fireworks/models/kimi-k2p6", "Kimi K2.6", {
      size: [262_000, 262_000],
      usd: [0.95, 4, 0.16],
      can: "see",
    }),
    model("accounts/fireworks/models/kimi-k3", "Kimi K3", {
      size: [1_048_576, 131_072],
      usd: [3, 15, 0.3],
      can: "think see",
    }),
    model("accounts/fireworks/models/glm-5p3", "GLM 5.3", {
      size: [1_048_573, 262_144],
      usd: [1.4, 4.4, 0.26],
      can: "think",
    }),
    model("accounts/fireworks/models/glm-5p3-flash", "GLM 5.3 Flash", {
      size: [1_048_573, 131_072],
      usd: [0.15, 0.5, 0.03],
      can: "think see",
    }),
    model("accounts/fireworks/models/deepseek-v4-pro-0813", "DeepSeek V4 Pro 0813", {
      size: [1_000_000, 384_000],
      usd: [1.32, 3.96, 0.044],
      can: "think",
    }),
    model("accounts/fireworks/models/deepseek-v4p1-flash", "DeepSeek V4.1 Flash", {
      size: [1_000_000, 384_000],
      usd: [0.22, 0.66, 0.007],
      can: "think see",
    }),
    model("accounts/fireworks/models/minimax-m3", "MiniMax-M3", {
      size: [512_000, 512_000],
      usd: [0.3, 1.2, 0.06],
      can: "think",
    }),
    model("accounts/fireworks/models/qwen3p8-max", "Qwen3.8 Max", {
      size: [262_144, 131_072],
      usd: [2, 6, 0.25],
      can: "think see",
    }),
    model("accounts/fireworks/models/gpt-oss-120b", "GPT OSS 120B", {
      size: [131_072, 32_768],
      usd: [0.15, 0.6, 0.015],
      can: "think",
    }),
  ],
});
