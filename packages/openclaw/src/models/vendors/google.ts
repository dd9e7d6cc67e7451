import { defineVendor } from "../../contracts/model.ts";
import { geminiModels } from "./_gemini.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "google",
  aliases: ["gemini"],
  label: "Google Gemini",
  api: "google-generative-ai",
  baseUrl: "https://generativelanguage.googleapis.com/v1beta",
  keyEnv: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  defaultModel: "gemini-3-pro-preview",
  documents: true,
  auth: [{ id: "gemini-api-key", label: "API key", kind: "api_key" }],
  models: () => [
    model("gemini-3-pro-preview", "Gemini 3 Pro (preview)", {
      size: [1_048_576, 65_536],
      usd: [2, 12, 0.2],
      can: "think see",
      efforts: "low high",
    }),
    ...geminiModels(),
    model("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite", {
      size: [1_048_576, 65_536],
      usd: [0.1, 0.4, 0.01],
      can: "think see",
    }),
    model("gemma-4-31b-it", "Gemma 4 31B IT", { size: [262_144, 32_768], usd: [0, 0], can: "think see" }),
  ],
});
