import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "venice",
  label: "Venice AI",
  api: "openai-completions",
  baseUrl: "https://api.venice.ai/api/v1",
  keyEnv: ["VENICE_API_KEY"],
  defaultModel: "kimi-k2-5",
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai", open: true },
  auth: [{ id: "venice-api-key", label: "API key", kind: "api_key" }],
  note: "Some of its models are its own (private), others are passed on without your name (anonymized).",
  models: () => [
    model("kimi-k2-5", "Kimi K2.5", { size: [256_000, 65_536], can: "think see" }),
    model("llama-3.3-70b", "Llama 3.3 70B", { size: [131_072, 8192] }),
  ],
});
