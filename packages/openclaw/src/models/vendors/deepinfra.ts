import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "deepinfra",
  label: "DeepInfra",
  api: "openai-completions",
  baseUrl: "https://api.deepinfra.com/v1/openai",
  keyEnv: ["DEEPINFRA_API_KEY"],
  defaultModel: "deepseek-ai/DeepSeek-V3.2",
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai", open: true },
  auth: [{ id: "deepinfra-api-key", label: "API key", kind: "api_key" }],
  models: () => [
    model("deepseek-ai/DeepSeek-V3.2", "DeepSeek-V3.2", { size: [163_840, 65_536], can: "think" }),
    model("deepseek-ai/DeepSeek-V4-Flash", "DeepSeek V4 Flash", { size: [1_048_576, 384_000], can: "think" }),
    model("zai-org/GLM-4.7", "GLM-4.7", { size: [204_800, 131_072], can: "think" }),
    model("zai-org/GLM-5.2", "GLM-5.2", { size: [262_144, 131_072], can: "think" }),
    model("MiniMaxAI/MiniMax-M2.5", "MiniMax-M2.5", { size: [204_800, 131_072], can: "think" }),
    model("moonshotai/Kimi-K2.5", "Kimi-K2.5", { size: [262_144, 262_144], can: "think see" }),
    model("openai/gpt-oss-120b", "GPT OSS 120B", { size: [131_072, 32_768], can: "think" }),
    model("Qwen/Qwen3-Coder-480B-A35B-Instruct", "Qwen3-Coder-480B-A35B-Instruct", { size: [262_144, 66_536] }),
    model("meta-llama/Llama-3.3-70B-Instruct", "Llama-3.3-70B-Instruct", { size: [131_072, 4096] }),
  ],
});
