import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

const claude = { api: "anthropic-messages", baseUrl: "https://opencode.ai/zen/go" };

export const vendor = defineVendor({
  id: "opencode-go",
  label: "OpenCode Go",
  api: "openai-completions",
  baseUrl: "https://opencode.ai/zen/go/v1",
  keyEnv: ["OPENCODE_API_KEY", "OPENCODE_ZEN_API_KEY"],
  defaultModel: "kimi-k2.6",
  auth: [{ id: "opencode-go", label: "API key", kind: "api_key" }],
  note: "The subscription of OpenCode; the key is the same as for `opencode`, what it opens is not.",
  models: () => [
    model("kimi-k2.6", "Kimi K2.6", { size: [262_144, 65_536], can: "think see" }),
    model("kimi-k2.7-code", "Kimi K2.7 Code", { size: [262_144, 262_144], can: "think see" }),
    model("kimi-k3", "Kimi K3", { size: [1_048_576, 131_072], can: "think see" }),
    model("glm-5.2", "GLM-5.2", { size: [1_000_000, 131_072], can: "think" }),
    model("glm-5.3", "GLM-5.3", { size: [1_000_000, 131_072], can: "think" }),
    model("glm-5.3-flash", "GLM-5.3-Flash", { size: [1_000_000, 131_072], can: "think see" }),
    model("minimax-m3", "MiniMax-M3", { size: [1_000_000, 131_072], can: "think see", ...claude }),
    model("minimax-m2.7", "MiniMax-M2.7", { size: [204_800, 131_072], can: "think" }),
    model("deepseek-v4-pro", "DeepSeek V4 Pro (New)", { size: [1_000_000, 384_000], can: "think" }),
    model("deepseek-v4-flash", "DeepSeek V4 Flash", { size: [1_000_000, 384_000], can: "think" }),
    model("qwen3.7-plus", "Qwen3.7 Plus", { size: [1_000_000, 65_536], can: "think see" }),
    model("qwen3.8-flash", "Qwen3.8 Flash", { size: [1_000_000, 131_072], can: "think see", ...claude }),
    model("mimo-v2.6-pro", "MiMo-V2.6-Pro", { size: [1_048_576, 131_072], can: "think see" }),
    model("grok-4.6", "Grok 4.6", { size: [500_000, 500_000], can: "think see", api: "openai-responses" }),
    model("gpt-5.6-luna", "GPT-5.6 Luna", { size: [1_050_000, 128_000], can: "think see", api: "openai-responses" }),
  ],
});
