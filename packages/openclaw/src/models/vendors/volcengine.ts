import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "volcengine",
  aliases: ["bytedance", "doubao"],
  label: "Volcengine (Doubao)",
  api: "openai-completions",
  baseUrl: "https://ark.cn-beijing.volces.com/api/v3",
  keyEnv: ["VOLCANO_ENGINE_API_KEY"],
  defaultModel: "doubao-seed-1-8-251228",
  anyModel: true,
  auth: [
    { id: "volcengine-api-key", label: "API key", kind: "api_key", defaultModel: "volcengine-plan/ark-code-latest" },
  ],
  note: "The key also opens `volcengine-plan`.",
  models: () => [
    model("doubao-seed-1-8-251228", "Doubao Seed 1.8", { size: [256_000, 32_768], can: "see" }),
    model("doubao-seed-code-preview-251028", "Doubao Seed Code (preview)", { size: [256_000, 32_768], can: "see" }),
  ],
});
