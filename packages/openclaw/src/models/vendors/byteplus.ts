import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "byteplus",
  label: "BytePlus ModelArk",
  api: "openai-completions",
  baseUrl: "https://ark.ap-southeast.bytepluses.com/api/v3",
  keyEnv: ["BYTEPLUS_API_KEY"],
  defaultModel: "seed-1-8-251228",
  anyModel: true,
  auth: [{ id: "byteplus-api-key", label: "API key", kind: "api_key", defaultModel: "byteplus-plan/ark-code-latest" }],
  note: "Volcengine outside China. The key also opens `byteplus-plan`.",
  models: () => [model("seed-1-8-251228", "Seed 1.8", { size: [256_000, 32_768], can: "see" })],
});
