import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "zai",
  aliases: ["z.ai", "z-ai"],
  label: "Z.AI (GLM)",
  api: "openai-completions",
  baseUrl: "https://api.z.ai/api/coding/paas/v4",
  keyEnv: ["ZAI_API_KEY", "Z_AI_API_KEY"],
  defaultModel: "glm-4.7",
  compat: { thinkingFormat: "zai", maxTokensField: "max_tokens" },
  auth: [
    { id: "zai-api-key", label: "Key of the coding plan", kind: "api_key" },
    { id: "zai-coding-global", label: "Key of the coding plan", kind: "api_key" },
    {
      id: "zai-coding-cn",
      label: "Key of the coding plan, China",
      kind: "api_key",
      baseUrl: "https://open.bigmodel.cn/api/coding/paas/v4",
    },
    { id: "zai-global", label: "Key that is paid by use", kind: "api_key", baseUrl: "https://api.z.ai/api/paas/v4" },
    {
      id: "zai-cn",
      label: "Key that is paid by use, China",
      kind: "api_key",
      baseUrl: "https://open.bigmodel.cn/api/paas/v4",
    },
  ],
  note: "The usual address is the one of the coding plan; a key that is paid by use needs the general one.",
  models: () => [
    model("glm-4.7", "GLM-4.7", { size: [204_800, 131_072], usd: [0.6, 2.2, 0.11], can: "think" }),
    model("glm-5.1", "GLM-5.1", { size: [200_000, 128_000], can: "think" }),
    model("glm-5-turbo", "GLM-5-Turbo", { size: [200_000, 131_072], usd: [1.2, 4, 0.24], can: "think" }),
    model("glm-5.2", "GLM-5.2", { size: [1_000_000, 131_072], usd: [1.4, 4.4, 0.26], can: "think" }),
    model("glm-5.3", "GLM-5.3", { size: [1_000_000, 131_072], usd: [1.4, 4.4, 0.26], can: "think" }),
    model("glm-5.3-flash", "GLM-5.3-Flash", { size: [1_000_000, 131_072], usd: [0.15, 0.5, 0.03], can: "think see" }),
    model("glm-4.6v", "GLM-4.6V", { size: [128_000, 32_768], usd: [0.3, 0.9], can: "think see" }),
  ],
});
