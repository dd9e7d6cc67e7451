import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "qianfan",
  label: "Baidu Qianfan",
  api: "openai-completions",
  baseUrl: "https://qianfan.baidubce.com/v2",
  keyEnv: ["QIANFAN_API_KEY"],
  defaultModel: "deepseek-v3.2",
  anyModel: true,
  auth: [{ id: "qianfan-api-key", label: "API key", kind: "api_key" }],
  models: () => [model("deepseek-v3.2", "DeepSeek V3.2", { size: [98_304, 32_768], can: "think" })],
});
