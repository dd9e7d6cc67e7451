import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "stepfun-plan",
  label: "StepFun Step Plan",
  api: "openai-completions",
  baseUrl: "https://api.stepfun.ai/step_plan/v1",
  keyEnv: ["STEPFUN_API_KEY"],
  defaultModel: "step-3.5-flash",
  auth: [
    { id: "stepfun-plan-api-key-intl", label: "Key of the plan", kind: "api_key", flag: "--stepfun-api-key" },
    {
      id: "stepfun-plan-api-key-cn",
      label: "Key of the plan, China",
      kind: "api_key",
      baseUrl: "https://api.stepfun.com/step_plan/v1",
    },
  ],
  models: () => [
    model("step-3.5-flash", "Step 3.5 Flash", { size: [262_144, 65_536], can: "think" }),
    model("step-3.7-flash", "Step 3.7 Flash", { size: [256_000, 230_400], can: "think see" }),
  ],
});
