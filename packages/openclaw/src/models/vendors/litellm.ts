import { defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "litellm",
  label: "LiteLLM",
  api: "openai-completions",
  baseUrl: "http://localhost:4000",
  keyEnv: ["LITELLM_API_KEY"],
  local: { port: 4000, probePath: "/v1/models" },
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai" },
  auth: [{ id: "litellm-api-key", label: "Key of your proxy", kind: "api_key" }],
  note: "Serves what your proxy is set up for; `models.providers.litellm.baseUrl` says where it runs.",
  models: () => [],
});
