import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "arcee",
  label: "Arcee AI",
  api: "openai-completions",
  baseUrl: "https://api.arcee.ai/api/v1",
  keyEnv: ["ARCEEAI_API_KEY"],
  defaultModel: "trinity-large-thinking",
  auth: [
    { id: "arceeai-api-key", label: "API key", kind: "api_key" },
    {
      id: "arceeai-openrouter",
      label: "OpenRouter API key",
      kind: "api_key",
      flag: "--openrouter-api-key",
      baseUrl: "https://openrouter.ai/api/v1",
    },
  ],
  note: "The same models are served by OpenRouter: with its address as `models.providers.arcee.baseUrl`, its key is used.",
  wireIdFor: (id, baseUrl) => (baseUrl.includes("openrouter.ai") ? `arcee-ai/${id}` : undefined),
  models: () => [
    model("trinity-large-thinking", "Trinity Large Thinking", {
      size: [262_144, 80_000],
      usd: [0.25, 0.8, 0.06],
      can: "think",
    }),
    model("trinity-large-preview", "Trinity Large Preview", { size: [131_072, 16_384] }),
    model("trinity-mini", "Trinity Mini", { size: [131_072, 16_384] }),
  ],
});
