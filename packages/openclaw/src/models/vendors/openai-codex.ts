import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

const noneToXhigh = "none low medium high xhigh";
const lowToXhigh = "low medium high xhigh";
const lowToMax = "low medium high xhigh max";
const noneToMax = "none low medium high xhigh max";

export const vendor = defineVendor({
  id: "openai-codex",
  label: "OpenAI Codex (ChatGPT login)",
  api: "openai-codex-responses",
  baseUrl: "https://chatgpt.com/backend-api",
  keyEnv: [],
  defaultModel: "gpt-5.3-codex",
  auth: [{ id: "openai-codex", label: "Login with ChatGPT in the browser", kind: "oauth", flow: "openai-codex" }],
  note: "Uses a ChatGPT subscription; what it allows is shown by ChatGPT.",
  models: () => [
    model("gpt-5.3-codex", "GPT-5.3 Codex", { size: [272_000, 128_000], can: "think see", efforts: noneToXhigh }),
    model("gpt-5.2", "GPT-5.2", { size: [272_000, 128_000], can: "think see", efforts: noneToXhigh }),
    model("gpt-5.3-codex-spark", "GPT-5.3 Codex Spark", {
      size: [128_000, 128_000],
      can: "think",
      efforts: lowToXhigh,
    }),
    model("gpt-5.5", "GPT-5.5", { size: [272_000, 128_000], can: "think see", efforts: lowToXhigh }),
    model("gpt-5.6-sol", "GPT-5.6 Sol", { size: [272_000, 128_000], can: "think see", efforts: lowToMax }),
    model("gpt-5.6-luna", "GPT-5.6 Luna", { size: [272_000, 128_000], can: "think see", efforts: lowToMax }),
    model("gpt-6-astra", "GPT-6 Astra", { size: [272_000, 128_000], can: "think see", efforts: lowToMax }),
    model("gpt-6-sol", "GPT-6 Sol", { size: [272_000, 128_000], can: "think see", efforts: noneToMax }),
    model("gpt-6-luna", "GPT-6 Luna", { size: [272_000, 128_000], can: "think see", efforts: noneToMax }),
  ],
});
