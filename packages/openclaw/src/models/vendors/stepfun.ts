import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "stepfun",
  label: "StepFun",
  api: "openai-completions",
  baseUrl: "https://api.stepfun.ai/v1",
  keyEnv: ["STEPFUN_API_KEY"],
  defaultModel: "step-3.5-flash",
  auth: [
    { id: "stepfun-standard-api-key-intl", label: "API key", kind: "api_key", flag: "--stepfun-api-key" },
    {
      id: "stepfun-standard-api-key-cn",
      label: "API key, China",
      kind: "api_key",
      baseUrl: "https://api.stepfun.com/v1",
    },
  ],
  models: () => [
    model("step-3.5-flash", "Step 3.5 Flash", { size: [262_144, 65_536], usd: [0.1, 0.3], can: "think" }),
    model("step-3.7-flash", "Step 3.7 Flash", { size: [256_000, 230_400], usd: [0.2, 1.15, 0.04], can: "think see" }),
  ],
});
