import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "qwen-portal",
  label: "Qwen (login)",
  api: "openai-completions",
  baseUrl: "https://portal.qwen.ai/v1",
  keyEnv: ["QWEN_OAUTH_TOKEN", "QWEN_PORTAL_API_KEY"],
  defaultModel: "coder-model",
  auth: [{ id: "qwen-portal", label: "Login with a code", kind: "device", flow: "qwen-portal" }],
  models: () => [
    model("coder-model", "Qwen Coder", { size: [128_000, 8192] }),
    model("vision-model", "Qwen Vision", { size: [128_000, 8192], can: "see" }),
  ],
});
