import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "xiaomi",
  aliases: ["mimo"],
  label: "Xiaomi MiMo",
  api: "openai-completions",
  baseUrl: "https://api.xiaomimimo.com/v1",
  keyEnv: ["XIAOMI_API_KEY"],
  defaultModel: "mimo-v2-flash",
  auth: [{ id: "xiaomi-api-key", label: "API key", kind: "api_key" }],
  compat: { thinkingFormat: "deepseek", requiresReasoningContentOnAssistantMessages: true },
  models: () => [
    model("mimo-v2-flash", "MiMo V2 Flash", { size: [262_144, 8192] }),
    model("mimo-v2.5", "MiMo-V2.5", { size: [1_048_576, 131_072], usd: [0.14, 0.28, 0.0028], can: "think see" }),
    model("mimo-v2.5-pro", "MiMo-V2.5-Pro", { size: [1_048_576, 131_072], usd: [0.435, 0.87, 0.0036], can: "think" }),
    model("mimo-v2.6-flash", "MiMo-V2.6-Flash", {
      size: [1_048_576, 131_072],
      usd: [0.14, 0.28, 0.0028],
      can: "think see",
    }),
    model("mimo-v2.6-pro", "MiMo-V2.6-Pro", {
      size: [1_048_576, 131_072],
      usd: [0.435, 0.87, 0.0036],
      can: "think see",
    }),
  ],
});
