import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "chutes",
  label: "Chutes",
  api: "openai-completions",
  baseUrl: "https://llm.chutes.ai/v1",
  keyEnv: ["CHUTES_API_KEY", "CHUTES_OAUTH_TOKEN"],
  defaultModel: "zai-org/GLM-4.7-TEE",
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai", open: true },
  auth: [
    { id: "chutes", label: "Login in the browser", kind: "oauth", flow: "chutes" },
    { id: "chutes-api-key", label: "API key", kind: "api_key" },
  ],
  models: () => [
    model("zai-org/GLM-4.7-TEE", "GLM-4.7 (TEE)", { size: [202_752, 65_536], can: "think" }),
    model("deepseek-ai/DeepSeek-V3.2-TEE", "DeepSeek V3.2 (TEE)", { size: [163_840, 65_536], can: "think" }),
    model("moonshotai/Kimi-K2.5-TEE", "Kimi K2.5 (TEE)", { size: [262_144, 65_536], can: "think see" }),
  ],
});
