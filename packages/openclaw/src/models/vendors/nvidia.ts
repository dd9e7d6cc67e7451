import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "nvidia",
  label: "NVIDIA",
  api: "openai-completions",
  baseUrl: "https://integrate.api.nvidia.com/v1",
  keyEnv: ["NVIDIA_API_KEY"],
  defaultModel: "nvidia/nemotron-3-super-120b-a12b",
  anyModel: true,
  auth: [{ id: "nvidia-api-key", label: "API key", kind: "api_key" }],
  compat: { maxTokensField: "max_tokens", supportsStrictMode: false },
  note: "Its ids begin with a maker, so a reference reads `nvidia/nvidia/nemotron-…`. Free within limits.",
  models: () => [
    model("nvidia/nemotron-3-super-120b-a12b", "Nemotron 3 Super", {
      size: [262_144, 262_144],
      usd: [0, 0],
      can: "think",
    }),
    model("nvidia/nemotron-3-ultra-550b-a55b", "Nemotron 3 Ultra 550B A55B", {
      size: [1_000_000, 65_536],
      usd: [0, 0],
      can: "think",
    }),
    model("nvidia/nemotron-3.5-lightning-30b-a3b", "Nemotron 3.5 Lightning 30B A3B", {
      size: [262_144, 262_144],
      usd: [0, 0],
      can: "think",
    }),
    model("nvidia/nemotron-3-nano-omni-30b-a3b-reasoning", "Nemotron 3 Nano Omni", {
      size: [256_000, 65_536],
      usd: [0, 0],
      can: "think see",
    }),
    model("moonshotai/kimi-k2.6", "Kimi K2.6", { size: [262_144, 262_144], usd: [0, 0], can: "think see" }),
    model("moonshotai/kimi-k3", "Kimi K3", { size: [1_048_576, 131_072], usd: [0, 0], can: "think see" }),
    model("z-ai/glm-5.3", "GLM-5.3", { size: [1_000_000, 131_072], usd: [0, 0], can: "think" }),
    model("openai/gpt-oss-20b", "GPT OSS 20B", { size: [131_072, 32_768], usd: [0, 0], can: "think" }),
  ],
});
