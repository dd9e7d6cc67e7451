import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "huggingface",
  label: "Hugging Face",
  api: "openai-completions",
  baseUrl: "https://router.huggingface.co/v1",
  keyEnv: ["HUGGINGFACE_HUB_TOKEN", "HF_TOKEN"],
  defaultModel: "deepseek-ai/DeepSeek-R1",
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai", open: true },
  auth: [{ id: "huggingface-api-key", label: "Token with the permission for inference", kind: "api_key" }],
  note: "An id may end in `:fastest` or `:cheapest`, and the router chooses among those who serve the model.",
  models: () => [
    model("deepseek-ai/DeepSeek-R1", "DeepSeek-R1", { size: [64_000, 32_768], usd: [0.7, 2.5], can: "think" }),
    model("deepseek-ai/DeepSeek-V3.2", "DeepSeek-V3.2", { size: [163_840, 65_536], usd: [0.28, 0.4], can: "think" }),
    model("deepseek-ai/DeepSeek-V4-Flash", "DeepSeek V4 Flash", {
      size: [1_048_576, 384_000],
      usd: [0.14, 0.28],
      can: "think",
    }),
    model("zai-org/GLM-4.7", "GLM-4.7", { size: [204_800, 131_072], usd: [0.6, 2.2, 0.11], can: "think" }),
    model("zai-org/GLM-5.3", "GLM-5.3", { size: [1_048_576, 131_072], usd: [1.4, 4.4], can: "think" }),
    model("moonshotai/Kimi-K2.5", "Kimi-K2.5", { size: [262_144, 262_144], usd: [0.6, 3, 0.1], can: "think see" }),
    model("moonshotai/Kimi-K3", "Kimi K3", { size: [1_000_000, 131_072], usd: [3, 15], can: "think see" }),
    model("MiniMaxAI/MiniMax-M2.1", "MiniMax-M2.1", { size: [204_800, 131_072], usd: [0.3, 1.2], can: "think" }),
    model("MiniMaxAI/MiniMax-M3", "MiniMax-M3", { size: [524_288, 512_000], usd: [0.3, 1.2], can: "think see" }),
    model("Qwen/Qwen3-Coder-480B-A35B-Instruct", "Qwen3-Coder-480B-A35B-Instruct", {
      size: [262_144, 66_536],
      usd: [2, 2],
    }),
    model("Qwen/Qwen3.8-27B", "Qwen3.8 27B", { size: [262_144, 32_768], usd: [0.4, 3], can: "think see" }),
    model("openai/gpt-oss-120b", "GPT OSS 120B", { size: [131_072, 32_768], usd: [0.25, 0.69], can: "think" }),
    model("meta-llama/Llama-3.3-70B-Instruct", "Llama-3.3-70B-Instruct", { size: [131_072, 4096], usd: [0.59, 0.79] }),
  ],
});
