import { defineVendor } from "../../contracts/model.ts";

const pictures = ["text", "image"] as const;

/** Gemini through the address where it speaks OpenAI's dialect. */
export const vendor = defineVendor({
  id: "google",
  aliases: ["gemini"],
  label: "Google Gemini",
  api: "openai-completions",
  baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
  keyEnv: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  defaultModel: "gemini-3-pro-preview",
  compat: { supportsReasoningEffort: true },
  models: () => [
    {
      id: "gemini-3-pro-preview",
      name: "Gemini 3 Pro (preview)",
      reasoning: true,
      input: pictures,
      cost: { input: 2, output: 12, cacheRead: 0.2, cacheWrite: 0 },
      contextWindow: 1_048_576,
      maxTokens: 65_536,
      compat: { supportedReasoningEfforts: ["low", "high"] },
    },
    {
      id: "gemini-3-flash-preview",
      name: "Gemini 3 Flash (preview)",
      reasoning: true,
      input: pictures,
      cost: { input: 0.5, output: 3, cacheRead: 0.05, cacheWrite: 0 },
      contextWindow: 1_048_576,
      maxTokens: 65_536,
      compat: { supportedReasoningEfforts: ["minimal", "low", "medium", "high"] },
    },
  ],
});
