import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "byteplus-plan",
  label: "BytePlus coding plan",
  api: "openai-completions",
  baseUrl: "https://ark.ap-southeast.bytepluses.com/api/coding/v3",
  keyEnv: ["BYTEPLUS_API_KEY"],
  defaultModel: "ark-code-latest",
  anyModel: true,
  auth: [{ id: "byteplus-plan-api-key", label: "Key of the plan", kind: "api_key" }],
  models: () => [model("ark-code-latest", "Ark Code (latest)", { size: [256_000, 32_768] })],
});
