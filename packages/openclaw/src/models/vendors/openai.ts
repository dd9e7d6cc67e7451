import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

const noneToXhigh = "none low medium high xhigh";
const minimalToHigh = "minimal low medium high";
const noneToMax = "none low medium high xhigh max";
const lowToHigh = "low medium high";

export const vendor = defineVendor({
  id: "openai",
  label: "OpenAI",
  api: "openai-responses",
  baseUrl: "https://api.openai.com/v1",
  baseUrlFrom: (env) => env["OPENAI_BASE_URL"],
  keyEnv: ["OPENAI_API_KEY"],
  defaultModel: "gpt-5.2",
  documents: true,
  auth: [{ id: "openai-api-key", label: "API key", kind: "api_key" }],
  models: () => [
    model("gpt-5.2", "GPT-5.2", {
      size: [400_000, 128_000],
      usd: [1.75, 14, 0.175],
      can: "think see",
      efforts: noneToXhigh,
    }),
    model("gpt-5.1", "GPT-5.1", {
      size: [400_000, 128_000],
      usd: [1.25, 10, 0.125],
      can: "think see",
      efforts: "none low medium high",
    }),
    model("gpt-5", "GPT-5", {
      size: [400_000, 128_000],
      usd: [1.25, 10, 0.125],
      can: "think see",
      efforts: minimalToHigh,
    }),
    model("gpt-5-mini", "GPT-5 Mini", {
      size: [400_000, 128_000],
      usd: [0.25, 2, 0.025],
      can: "think see",
      efforts: minimalToHigh,
    }),
    model("gpt-5-nano", "GPT-5 Nano", {
      size: [400_000, 128_000],
      usd: [0.05, 0.4, 0.005],
      can: "think see",
      efforts: minimalToHigh,
    }),
    model("gpt-5.2-pro", "GPT-5.2 Pro", {
      size: [400_000, 128_000],
      usd: [21, 168],
      can: "think see",
      efforts: "medium high xhigh",
    }),
    model("gpt-5.3-codex", "GPT-5.3 Codex", {
      size: [400_000, 128_000],
      usd: [1.75, 14, 0.175],
      can: "think see",
      efforts: noneToXhigh,
    }),
    model("gpt-5.4", "GPT-5.4", {
      size: [272_000, 128_000],
      usd: [2.5, 15, 0.25],
      can: "think see",
      efforts: noneToXhigh,
    }),
    model("gpt-5.4-mini", "GPT-5.4 mini", {
      size: [400_000, 128_000],
      usd: [0.75, 4.5, 0.075],
      can: "think see",
      efforts: noneToXhigh,
    }),
    model("gpt-5.4-nano", "GPT-5.4 nano", {
      size: [400_000, 128_000],
      usd: [0.2, 1.25, 0.02],
      can: "think see",
      efforts: noneToXhigh,
    }),
    model("gpt-5.5", "GPT-5.5", {
      size: [272_000, 128_000],
      usd: [5, 30, 0.5],
      can: "think see",
      efforts: noneToXhigh,
    }),
    model("gpt-5.6-sol", "GPT-5.6 Sol", {
      size: [272_000, 128_000],
      usd: [4, 20, 0.4, 5],
      can: "think see",
      efforts: noneToMax,
    }),
    model("gpt-5.6-luna", "GPT-5.6 Luna", {
      size: [272_000, 128_000],
      usd: [0.2, 1.2, 0.02, 0.25],
      can: "think see",
      efforts: noneToMax,
    }),
    model("gpt-6-astra", "GPT-6 Astra", {
      size: [272_000, 128_000],
      usd: [10, 50, 1, 12.5],
      can: "think see",
      efforts: "low medium high xhigh max",
    }),
    model("gpt-6-sol", "GPT-6 Sol", {
      size: [272_000, 128_000],
      usd: [2, 10, 0.2, 2.5],
      can: "think see",
      efforts: noneToMax,
    }),
    model("gpt-6-luna", "GPT-6 Luna", {
      size: [272_000, 128_000],
      usd: [0.1, 0.5, 0.01, 0.125],
      can: "think see",
      efforts: noneToMax,
    }),
    model("gpt-4.1", "GPT-4.1", { size: [1_047_576, 32_768], usd: [2, 8, 0.5], can: "see" }),
    model("gpt-4.1-mini", "GPT-4.1 mini", { size: [1_047_576, 32_768], usd: [0.4, 1.6, 0.1], can: "see" }),
    model("gpt-4o", "GPT-4o", { size: [128_000, 16_384], usd: [2.5, 10, 1.25], can: "see" }),
    model("gpt-4o-mini", "GPT-4o mini", { size: [128_000, 16_384], usd: [0.15, 0.6, 0.075], can: "see" }),
    model("o3", "o3", { size: [200_000, 100_000], usd: [2, 8, 0.5], can: "think see", efforts: lowToHigh }),
    model("o4-mini", "o4-mini", {
      size: [200_000, 100_000],
      usd: [1.1, 4.4, 0.275],
      can: "think see",
      efforts: lowToHigh,
    }),
  ],
});
