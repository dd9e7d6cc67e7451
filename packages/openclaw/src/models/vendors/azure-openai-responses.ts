import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

const minimalToXhigh = "minimal low medium high xhigh";
const minimalToHigh = "minimal low medium high";

export const vendor = defineVendor({
  id: "azure-openai-responses",
  label: "Azure OpenAI",
  api: "azure-openai-responses",
  baseUrl: "",
  baseUrlFrom: (env) => {
    const resource = env["AZURE_OPENAI_RESOURCE_NAME"];
    const base =
      env["AZURE_OPENAI_BASE_URL"] ?? (resource ? `https://${resource}.openai.azure.com/openai/v1` : undefined);
    const version = env["AZURE_OPENAI_API_VERSION"];
    if (!base || !version || !URL.canParse(base)) return base;
    const url = new URL(base);
    url.searchParams.set("api-version", version);
    return url.href;
  },
  keyEnv: ["AZURE_OPENAI_API_KEY"],
  anyModel: true,
  documents: true,
  note: "A model is named by its deployment. The address is the one of your resource: `AZURE_OPENAI_BASE_URL`, or `AZURE_OPENAI_RESOURCE_NAME` for `https://<name>.openai.azure.com/openai/v1`.",
  models: () => [
    model("gpt-5.2", "GPT-5.2", {
      size: [400_000, 128_000],
      usd: [1.75, 14, 0.175],
      can: "think see",
      efforts: minimalToXhigh,
    }),
    model("gpt-5.1", "GPT-5.1", {
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
    model("gpt-5.4", "GPT-5.4", {
      size: [1_050_000, 128_000],
      usd: [2.5, 15, 0.25],
      can: "think see",
      efforts: minimalToXhigh,
    }),
    model("gpt-5.5", "GPT-5.5", {
      size: [1_050_000, 128_000],
      usd: [5, 30, 0.5],
      can: "think see",
      efforts: minimalToXhigh,
    }),
    model("gpt-6-sol", "GPT-6 Sol", {
      size: [272_000, 128_000],
      usd: [2, 10, 0.2, 2.5],
      can: "think see",
      efforts: "none low medium high xhigh max",
    }),
    model("gpt-4.1", "GPT-4.1", { size: [1_047_576, 32_768], usd: [2, 8, 0.5], can: "see" }),
  ],
});
