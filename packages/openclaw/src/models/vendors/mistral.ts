import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

/** Thinks or does not, and says `high` for it. */
const small = {
  supportsReasoningEffort: true,
  reasoningEffortMap: { off: "none", minimal: "none", low: "high", medium: "high", high: "high" },
};

export const vendor = defineVendor({
  id: "mistral",
  label: "Mistral AI",
  api: "openai-completions",
  baseUrl: "https://api.mistral.ai/v1",
  keyEnv: ["MISTRAL_API_KEY"],
  defaultModel: "mistral-large-latest",
  auth: [{ id: "mistral-api-key", label: "API key", kind: "api_key" }],
  models: () => [
    model("mistral-large-latest", "Mistral Large", { size: [262_144, 262_144], usd: [0.5, 1.5, 0.05], can: "see" }),
    model("mistral-medium-latest", "Mistral Medium", {
      size: [262_144, 262_144],
      usd: [1.5, 7.5, 0.15],
      can: "think see",
      compat: small,
    }),
    model("mistral-small-latest", "Mistral Small", {
      size: [256_000, 256_000],
      usd: [0.15, 0.6, 0.015],
      can: "think see",
      compat: small,
    }),
    model("magistral-medium-latest", "Magistral Medium", { size: [128_000, 16_384], usd: [2, 5, 0.2], can: "think" }),
    model("devstral-latest", "Devstral 2", { size: [262_144, 262_144], usd: [0.4, 2, 0.04] }),
    model("devstral-medium-latest", "Devstral 2", { size: [262_144, 262_144], usd: [0.4, 2, 0.04] }),
    model("ministral-8b-latest", "Ministral 8B", { size: [128_000, 128_000], usd: [0.1, 0.1, 0.01] }),
    model("ministral-3b-latest", "Ministral 3B", { size: [128_000, 128_000], usd: [0.04, 0.04, 0.004] }),
    model("codestral-latest", "Codestral", { size: [256_000, 4096], usd: [0.3, 0.9, 0.03] }),
    model("pixtral-large-latest", "Pixtral Large", { size: [128_000, 128_000], usd: [2, 6, 0.2], can: "see" }),
  ],
});
