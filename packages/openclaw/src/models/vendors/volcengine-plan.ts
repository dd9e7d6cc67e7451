import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "volcengine-plan",
  label: "Volcengine coding plan",
  api: "openai-completions",
  baseUrl: "https://ark.cn-beijing.volces.com/api/coding/v3",
  keyEnv: ["VOLCANO_ENGINE_API_KEY"],
  defaultModel: "ark-code-latest",
  anyModel: true,
  auth: [{ id: "volcengine-plan-api-key", label: "Key of the plan", kind: "api_key" }],
  models: () => [model("ark-code-latest", "Ark Code (latest)", { size: [256_000, 32_768] })],
});
