import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "synthetic",
  label: "Synthetic",
  api: "anthropic-messages",
  baseUrl: "https://api.synthetic.new/anthropic",
  keyEnv: ["SYNTHETIC_API_KEY"],
  defaultModel: "hf:MiniMaxAI/MiniMax-M2.1",
  anyModel: ["hf:"],
  auth: [{ id: "synthetic-api-key", label: "API key", kind: "api_key" }],
  note: "A subscription; ids begin with `hf:`.",
  models: () => [
    model("hf:MiniMaxAI/MiniMax-M2.1", "MiniMax M2.1", { size: [192_000, 65_536], usd: [0, 0] }),
    model("hf:deepseek-ai/DeepSeek-V3.2", "DeepSeek-V3.2", { size: [163_840, 65_536], usd: [0, 0] }),
    model("hf:zai-org/GLM-4.7", "GLM-4.7", { size: [204_800, 65_536], usd: [0, 0] }),
    model("hf:moonshotai/Kimi-K2.5", "Kimi-K2.5", { size: [262_144, 65_536], usd: [0, 0], can: "see" }),
    model("hf:openai/gpt-oss-120b", "GPT OSS 120B", { size: [131_072, 32_768], usd: [0, 0] }),
  ],
});
